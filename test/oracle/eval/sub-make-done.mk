# command line: M=drivers/usb
# environment: sub_make_done=1
# As in the top Makefile: what is skipped in a make called by a make is not set there, so `M=` is lost.
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
origins := $(origin M) $(origin sub_make_done) $(origin KBUILD_EXTMOD)
