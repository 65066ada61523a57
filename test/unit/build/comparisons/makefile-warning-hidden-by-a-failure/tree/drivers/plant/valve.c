// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include "plant.h"

static int valve_fill(void)
{
	return pump_start(3);
}

static int valve_drain(void)
{
	return pump_stop();
}

static int __init valve_init(void)
{
	return valve_fill() + valve_drain();
}

static void __exit valve_exit(void)
{
}

module_init(valve_init);
module_exit(valve_exit);

MODULE_DESCRIPTION("plant");
MODULE_LICENSE("GPL");
