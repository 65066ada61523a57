# Several targets of one run.
all: a.h a.c
a.h a.c &: a.y $(if $(CONFIG_USB),usb.y)
	@yacc
