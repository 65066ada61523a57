# Both sides of a comparison may depend on the configuration.
left := $(CONFIG_USB)$(CONFIG_PCI)
right := $(CONFIG_PCI)$(CONFIG_USB)
ifeq ($(left),$(right))
same := yes
else
same := no
endif
ifeq ($(filter y m,$(left)),)
none := yes
endif
