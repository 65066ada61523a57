# Lines of a recipe under conditions, and a rule that has a recipe only in some configurations.
all: hub.o
hub.o: hub.c
	@echo always
ifdef CONFIG_USB
	@echo usb
ifeq ($(CONFIG_PCI),m)
	@echo both
endif
else
	@echo none
endif
	@echo last
port.o: port.c
ifdef CONFIG_USB
	@echo sometimes
endif
