# Files of the tree by pattern.
all := $(wildcard parts/*.inc)
one := $(wildcard parts/usb.inc parts/missing.inc)
cut := $(notdir $(wildcard $(srctree)/parts/[be]*.inc))
class := $(wildcard parts/extra-?.inc)
dirs := $(wildcard par*/)
none := $(wildcard nothing/*)
some := $(wildcard parts/$(if $(CONFIG_USB),usb,board).inc)
