// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

int level;

MODULE_DESCRIPTION("tank");
MODULE_LICENSE("GPL");
