# `define` replaces what was before where it is reached.
text := plain
ifdef CONFIG_USB
define text
usb $(CONFIG_USB)
endef
endif
