// SPDX-License-Identifier: GPL-2.0
#include <linux/livepatch.h>
#include <linux/module.h>

static struct klp_patch patch = { .mod = THIS_MODULE };

static int boards_init(void)
{
	return klp_enable_patch(&patch);
}
module_init(boards_init);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
