# The last recipe wins; prerequisites of all rules count, those of the rule with the recipe first.
all: hub.o
hub.o: usb.h
hub.o: hub.c
	@cc first
hub.o: late.h
ifdef CONFIG_USB
hub.o: usb.c
	@cc second
endif
hub.o: later.h
