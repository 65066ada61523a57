# The part of the top Makefile that reads `M=`, once.
# KDIR is this directory.
print := M KBUILD_EXTMOD sub_make_done mode
ifneq ($(sub_make_done),1)
ifeq ("$(origin M)","command line")
KBUILD_EXTMOD := $(M)
endif
export KBUILD_EXTMOD
export sub_make_done := 1
endif
mode := $(if $(KBUILD_EXTMOD),the module of $(KBUILD_EXTMOD),the whole kernel)
include ../print.inc
modules: ;
