# A recipe in an included file, as tools/testing/selftests/lib.mk has it for `all`, against one in the file that includes it.
all: own
	@echo own
ifdef CONFIG_USB
include parts/lib.inc
endif
own: ; @echo made
