print := KBUILD_EXTMOD sub_make_done
include ../print.inc
modules: ; @$(MAKE) --no-print-directory -f kernel.mk sub_make_done= M=/module modules
