#!/bin/sh
# SPDX-License-Identifier: GPL-2.0

case "$1" in
binutils)
	echo 2.25.0
	;;
gcc)
	if [ "$ARCH" = parisc64 ]; then
		echo 12.0.0
	else
		echo 5.1.0
	fi
	;;
esac
