# A text that is looked for within another.
in-word := $(findstring usb,hub usb-core)
in-config := $(findstring m,$(CONFIG_USB)$(CONFIG_PCI))
with-blank := $(findstring a b,x a b y)
nothing := $(findstring z,$(in-word))
ifneq ($(findstring $(CONFIG_USB),y m),)
mode := some
endif
