// SPDX-License-Identifier: GPL-2.0
int test_klp_boards;
