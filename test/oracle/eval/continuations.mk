# A continuation is one blank.
obj-$(CONFIG_USB) += hub.o \
	port.o   \
   ehci.o
flags := -DA\
	-DB
