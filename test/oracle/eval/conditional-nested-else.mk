# The `else` of an inner conditional is still inside the outer branch.
ifdef CONFIG_USB
ifdef CONFIG_PCI
obj-y += both.o
else
obj-y += usb.o
endif
else
ifeq ($(CONFIG_PCI),m)
obj-y += pci-module.o
else
obj-y += rest.o
endif
endif
