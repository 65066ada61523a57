# `ifeq` with brackets and quotes, and `ifneq`.
ifeq ($(CONFIG_USB),y)
a := yes
endif
ifeq "$(CONFIG_USB)" "m"
b := module
endif
ifeq '$(CONFIG_USB)' ""
c := no
endif
ifneq ($(CONFIG_USB),$(CONFIG_PCI))
d := differ
endif
ifneq (,$(CONFIG_USB))
e := set
endif
