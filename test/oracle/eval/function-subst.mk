# Every alternative of one argument with every alternative of the others.
both := $(subst m,y,$(CONFIG_USB)$(CONFIG_PCI))
from := $(subst $(CONFIG_USB),X,hym)
to := $(subst h,$(CONFIG_USB),hub.h)
text := a-b   c-d $(CONFIG_USB)-x
dashes := $(subst -,_,$(text))
long := $(subst b   c,Z,$(text))
glued := $(subst ym,Z,$(CONFIG_USB)$(CONFIG_PCI))
end := $(subst ,!,$(CONFIG_USB))
percent := $(subst %,p,50%)
