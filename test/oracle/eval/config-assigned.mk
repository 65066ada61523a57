# A makefile may set a symbol itself, as modules out of the tree do.
CONFIG_USB := m
obj-$(CONFIG_USB) += usb.o
CONFIG_PCI ?= m
obj-$(CONFIG_PCI) += pci.o
