# then: module.mk
# then: kernel.mk sub_make_done= M=/module modules
# `sub_make_done=` on the command line of that make lets it read `M=` again.
print := KBUILD_EXTMOD sub_make_done
export sub_make_done := 1
export KBUILD_EXTMOD :=
include ../print.inc
kselftest: ; @$(MAKE) --no-print-directory -f module.mk
