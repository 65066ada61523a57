#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only

case "$1" in
gcc)
	echo 5.1.0
	;;
llvm)
	if [ "$SRCARCH" = s390 ]; then
		echo 18.0.0
	else
		echo 13.0.1
	fi
	;;
esac
