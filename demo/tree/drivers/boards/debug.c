// SPDX-License-Identifier: GPL-2.0
int boards_debug;
