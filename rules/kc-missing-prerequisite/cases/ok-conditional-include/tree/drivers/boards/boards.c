// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#ifdef BOARDS_TABLE
#include "table.h"
#endif
#include "boards.h"
