# Words of a value of several lines.
define lines
hub.o
port.o $(CONFIG_USB)

ehci.o
endef
words := $(words $(lines))
sorted := $(sort $(lines))
first := $(firstword $(lines))
