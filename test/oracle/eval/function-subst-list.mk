# Lists with hundreds of guarded words stay lists.
obj-y :=
obj-$(CONFIG_USB) += a-hub.o
obj-$(CONFIG_PCI) += b-pci.o
obj-y += c-core.o
changed := $(subst -,_,$(obj-y))
words := $(subst .o,.bak,$(obj-y) x$(obj-m)z)
