# `$(or)` gives the first text that is not empty, `$(and)` the last if none is empty.
either := $(or $(CONFIG_USB),$(CONFIG_PCI),none)
both := $(and $(CONFIG_USB),$(CONFIG_PCI))
first := $(or ,  $(CONFIG_USB)  , x )
last := $(and $(CONFIG_USB), text )
