# Patterns may depend on the configuration, as may the words.
list := hub.o port.c $(if $(CONFIG_USB),ehci.o) ohci.S hub.o
objects := $(filter %.o,$(list))
chosen := $(filter $(if $(CONFIG_PCI),%.c,%.S) hub.o,$(list))
others := $(filter-out %.o $(if $(CONFIG_USB),%.c),$(list))
percent := $(filter \%a %b%,%a a ab% b%)
none := $(filter ,$(list))
