# Static pattern rules: the stem fills the prerequisites.
objs := usb/hub.o usb/port.o $(if $(CONFIG_USB),usb/ehci.o)
$(objs): usb/%.o: src/%.c include/%.h fixed.h | out/%
	@cc $* $<
$(filter %hub.o,$(objs)): usb/%.o: extra/%.h
