// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include "plant.h"

#define TANK_SPARE 1

int tank3_empty(void);
int tank3_empty(void)
{
	return pump_stop();
}

MODULE_DESCRIPTION("plant");
MODULE_LICENSE("GPL");
