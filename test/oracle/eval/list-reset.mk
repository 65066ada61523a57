# A list that starts anew in a branch.
obj-y :=
obj-$(CONFIG_USB) += hub.o
ifeq ($(CONFIG_PCI),y)
obj-y :=
endif
obj-y += core.o
count := $(words $(obj-y))
