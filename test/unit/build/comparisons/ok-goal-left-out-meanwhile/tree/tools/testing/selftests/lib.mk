# SPDX-License-Identifier: GPL-2.0
all: $(TEST_GEN_PROGS)
	@echo built

clean:
	rm -f $(TEST_GEN_PROGS)
