# Targets, prerequisites and order-only prerequisites after expansion.
objs := hub.o $(if $(CONFIG_USB),port.o)
all: $(objs) | $(if $(CONFIG_PCI),dir)
	@ld $^
$(objs): %.o: %.c usb.h
	@cc $<
ehci.o ohci.o: usb.h ; @cc inline
dir: ; mkdir $@
