// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include "plant.h"

static void valve_spare0(void)
{
}

static void valve_spare1(void)
{
}

static void valve_spare2(void)
{
}

static void valve_spare3(void)
{
}

static void valve_spare4(void)
{
}

static void valve_spare5(void)
{
}

static void valve_spare6(void)
{
}

static void valve_spare7(void)
{
}

static void valve_spare8(void)
{
}

static void valve_spare9(void)
{
}

static void valve_spare10(void)
{
}

static void valve_spare11(void)
{
}

static void valve_spare12(void)
{
}

static void valve_spare13(void)
{
}

static void valve_spare14(void)
{
}

static void valve_spare15(void)
{
}

static void valve_spare16(void)
{
}

static void valve_spare17(void)
{
}

static void valve_spare18(void)
{
}

static void valve_spare19(void)
{
}

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
