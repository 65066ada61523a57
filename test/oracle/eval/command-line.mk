# command line: M=drivers/usb V=1 given=twice
# What the command line gives is not changed by the makefile, except by `override`.
ifeq ("$(origin M)","command line")
KBUILD_EXTMOD := $(M)
endif
M := lost
V ?= 0
V += more
override given += added
origins := $(origin M) $(origin given) $(origin KBUILD_EXTMOD)
