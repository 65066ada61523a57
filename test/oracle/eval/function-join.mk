# Words pairwise; the longer list goes on alone.
a := $(join hub port ehci,.o .c)
b := $(join $(if $(CONFIG_USB),hub) port,1 2 3)
