# What stands in a branch that is not taken is not expanded.
ifdef NEVER
$(error not reached)
obj-y += never.o
else
obj-$(CONFIG_USB) += usb.o
endif
