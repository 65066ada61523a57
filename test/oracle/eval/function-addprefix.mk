# Prefixes and suffixes go to each word.
parts := hub.o $(if $(CONFIG_USB),ehci.o ohci.o) port.o
with := $(addprefix host/,$(parts))
both := $(addsuffix .bak,$(addprefix $(CONFIG_USB)/,$(parts)))
none := $(addprefix x,)
