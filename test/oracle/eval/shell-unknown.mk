# unknown: machine object
# What a command prints is not known, nor what hangs on it; the rest is.
machine := $(shell uname -m)
ifeq ($(machine),x86_64)
object := x86.o
endif
known := $(CONFIG_USB)
obj-$(CONFIG_USB) += hub.o
