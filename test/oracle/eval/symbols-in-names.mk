# Composites, as scripts/Makefile.lib looks for them.
obj-$(CONFIG_USB) += usbcore.o
usbcore-y := hub.o
usbcore-$(CONFIG_PCI) += pci.o
usbcore-objs := more.o
multi := $(foreach m,$(obj-y:.o=),$($(m)-y) $($(m)-objs))
