# Patterns, suffixes, words that do not match, and replacements that are empty.
list := hub.c port.o $(if $(CONFIG_USB),ehci.c) .c
a := $(patsubst %.c,%.o,$(list))
b := $(list:.c=.o)
c := $(list:%.c=obj/%.o)
d := [$(patsubst %.c,,$(list))]
e := [$(patsubst hub%,%,$(list) hub)]
f := $(patsubst port.o,changed,a   port.o  b)
g := $(patsubst %.c,same,$(list))
h := [$(list:.c=)]
i := $(patsubst %,$(CONFIG_PCI)-%,$(list))
j := $(patsubst $(if $(CONFIG_USB),%.c,%.o),%,$(list))
