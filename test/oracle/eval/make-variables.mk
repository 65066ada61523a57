# Names with dots, slashes and dashes, as flags of objects have them.
CFLAGS_hub.o := -DHUB
CFLAGS_REMOVE_usb/port.o = -pg
KASAN_SANITIZE_$(if $(CONFIG_USB),hub,port).o := n
flags := $(CFLAGS_hub.o) $(CFLAGS_REMOVE_usb/port.o)
