# Target-specific variables, rules and recipes leave the variables alone.
flags := -O2
hub.o: flags += -DHUB
hub.o: private name := x
%.o: flags := -Os
$(if $(CONFIG_USB),usb.o) core.o: hub.h
	@echo $(flags)
ifdef CONFIG_USB
	echo usb
endif
after := $(flags)
