# SPDX-License-Identifier: GPL-2.0
ccflags-y += $(board-flags)
