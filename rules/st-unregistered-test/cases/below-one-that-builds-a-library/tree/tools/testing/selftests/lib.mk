# SPDX-License-Identifier: GPL-2.0
TEST_GEN_PROGS := $(patsubst %,$(OUTPUT)/%,$(TEST_GEN_PROGS))

all: $(TEST_GEN_PROGS)

install: all
	rsync -a $(TEST_PROGS) $(TEST_FILES) $(TEST_INCLUDES) $(TEST_GEN_PROGS) $(INSTALL_PATH)/

clean:
	$(RM) -r $(TEST_GEN_PROGS) $(EXTRA_CLEAN)

$(OUTPUT)/%: %.c
	$(LINK.c) $^ $(LDLIBS) -o $@
