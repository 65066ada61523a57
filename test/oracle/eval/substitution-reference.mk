# `$(name:from=to)` with computed names and parts.
usb-objs := hub.o port.o $(if $(CONFIG_USB),ehci.o)
kind := usb
a := $($(kind)-objs:.o=.c)
b := $(usb-objs:.$(if $(CONFIG_PCI),o,x)=.y)
c := $(usb-objs:%=drivers/%)
d := $(usb-objs:hub%o=X%Y)
e := $(undefined:a=b)
