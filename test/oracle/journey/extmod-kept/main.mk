# then: module.mk
# then: kernel.mk KBUILD_EXTMOD=/module modules
# `KBUILD_EXTMOD=` on the command line of that make counts, as it is read without `M=`.
print := KBUILD_EXTMOD sub_make_done
export sub_make_done := 1
export KBUILD_EXTMOD :=
include ../print.inc
kselftest: ; @$(MAKE) --no-print-directory -f module.mk
