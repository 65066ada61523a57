# SPDX-License-Identifier: GPL-2.0
ifeq (0,$(MAKELEVEL))
OUTPUT := $(shell pwd)
endif
TEST_GEN_PROGS := $(patsubst %,$(OUTPUT)/%,$(TEST_GEN_PROGS))

all: $(TEST_GEN_PROGS)

ifndef OVERRIDE_CLEAN
clean:
	$(RM) -r $(TEST_GEN_PROGS) $(EXTRA_CLEAN)
endif

ifndef OVERRIDE_TARGETS
$(OUTPUT)/%: %.c
	$(LINK.c) $^ $(LDLIBS) -o $@
endif
