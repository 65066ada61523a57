#!/bin/sh
# SPDX-License-Identifier: GPL-2.0

DTC_SOURCE="data.c dtc.c \
		version_gen.h"
LIBFDT_SOURCE="fdt.c fdt.h"
FDTOVERLAY_SOURCE=fdtoverlay.c

cd scripts/dtc
