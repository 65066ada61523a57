# command line: M=drivers/usb
# The same in the first make.
ifneq ($(sub_make_done),1)
ifeq ("$(origin M)","command line")
KBUILD_EXTMOD := $(M)
endif
export sub_make_done := 1
endif
ifdef KBUILD_EXTMOD
mode := module of $(KBUILD_EXTMOD)
else
mode := kernel
endif
