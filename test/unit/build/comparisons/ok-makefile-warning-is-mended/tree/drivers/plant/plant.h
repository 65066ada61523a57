/* SPDX-License-Identifier: GPL-2.0 */
int pump_start(int rate);
int pump_stop(void);
