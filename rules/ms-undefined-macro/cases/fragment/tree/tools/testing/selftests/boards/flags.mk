# SPDX-License-Identifier: GPL-2.0
CFLAGS += -O2
