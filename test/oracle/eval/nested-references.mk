# Names inside names.
usb-objs := hub.o
pci-objs := pci.o
kind-y := usb
kind-m := pci
a := $($(kind-$(CONFIG_USB))-objs)
b := $(${kind-y}-objs)
n := kind
c := $($(n)-$(CONFIG_PCI)) $($(n)-$(CONFIG_USB)$(CONFIG_PCI))
