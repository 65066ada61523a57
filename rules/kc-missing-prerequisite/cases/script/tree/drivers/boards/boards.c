// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include "table.h"
#include "boards.h"
