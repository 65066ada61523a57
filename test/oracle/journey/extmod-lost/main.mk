# then: module.mk
# then: kernel.mk M=/module modules
# `M=` of a make that the kernel's own make has called is lost: sub_make_done is exported, and what reads `M=` is skipped.
print := KBUILD_EXTMOD sub_make_done
export sub_make_done := 1
export KBUILD_EXTMOD :=
include ../print.inc
kselftest: ; @$(MAKE) --no-print-directory -f module.mk
