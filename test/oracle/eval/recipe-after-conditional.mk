# A tab after a conditional belongs to the rule before it; after an assignment it is no recipe.
hub.o: hub.c
ifdef CONFIG_USB
	cc usb
else
	cc plain
endif
	ld all
x := 1
	y := 2
