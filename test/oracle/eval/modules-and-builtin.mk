# What scripts/Makefile.lib does with obj-m.
obj-y :=
obj-m :=
obj-$(CONFIG_USB) += hub.o core.o
obj-$(CONFIG_PCI) += pci.o core.o
obj-m := $(filter-out $(obj-y),$(obj-m))
subdirs := $(sort $(patsubst %/,%,$(filter %/,$(obj-y) usb/ $(obj-m))))
