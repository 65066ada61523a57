# SPDX-License-Identifier: GPL-2.0
all: $(TEST_GEN_PROGS)

clean:
	rm -f $(TEST_GEN_PROGS)
