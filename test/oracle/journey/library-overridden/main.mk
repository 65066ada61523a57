# A recipe of an included library that the makefile replaces, as selftests do with `emit_tests` of lib.mk.
include lib.mk
all: own
emit_tests:
	@echo own emit_tests
own: ; @echo own
.PHONY: own
