# A chain of `else if`; each branch is taken where no earlier one is.
ifeq ($(CONFIG_USB),y)
mode := y
else ifeq ($(CONFIG_USB),m)
mode := m
else ifdef CONFIG_PCI
mode := pci
else
mode := none
endif
ifdef CONFIG_USB
kind := usb
else ifndef CONFIG_PCI
kind := nothing
endif
