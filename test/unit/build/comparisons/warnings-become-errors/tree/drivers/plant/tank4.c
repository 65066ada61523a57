// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include "plant.h"

#define TANK_SPARE 1

int tank4_empty(void);
int tank4_empty(void)
{
	return pump_stop();
}

MODULE_DESCRIPTION("plant");
MODULE_LICENSE("GPL");
