# Whether a directory is there, as makefiles of modules ask before they call the kernel's.
KDIR := parts
ifneq ($(wildcard $(KDIR)),)
there := yes
endif
ifneq ($(wildcard $(KDIR)/.),)
dot := $(wildcard $(KDIR)/.)
endif
slash := $(wildcard $(KDIR)/) $(wildcard $(KDIR)/usb.inc/.)
ifeq ($(wildcard missing/),)
missing := no
endif
either := $(firstword $(wildcard missing parts rules) none)
some := $(if $(wildcard $(if $(CONFIG_USB),parts,missing)/usb.inc),usb,no usb)
