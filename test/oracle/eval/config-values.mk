# A symbol is y, m or nothing, wherever it stands.
plain := $(CONFIG_USB)
glued := a$(CONFIG_USB)b
twice := $(CONFIG_USB)$(CONFIG_USB)
words := x $(CONFIG_USB) y
subst := $(CONFIG_USB:m=y)
braces := ${CONFIG_USB}
