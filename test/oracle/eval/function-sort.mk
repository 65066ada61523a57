# Sorted by bytes, each word once.
list := port.o hub.o Hub.o $(if $(CONFIG_USB),ehci.o) hub.o $(if $(CONFIG_PCI),ehci.o) 9.o _.o
sorted := $(sort $(list))
empty := [$(sort )]
