# A list that touches other text: its first and last words grow together with it.
obj-y :=
obj-$(CONFIG_USB) += hub.o
obj-$(CONFIG_PCI) += pci.o
obj-y += core.o
front := x$(obj-y)
back := $(obj-m)x
twice := $(obj-m)$(obj-m)
front-words := $(words x$(obj-y))
back-words := $(sort $(obj-m)x y)
middle := $(sort a$(obj-m)b)
