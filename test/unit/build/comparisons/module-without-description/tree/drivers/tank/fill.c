// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int fill;
