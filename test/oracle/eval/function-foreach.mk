# The body is expanded for each word; a blank separates the results even if they are empty.
list := hub $(if $(CONFIG_USB),port) ehci
objs := $(foreach part,$(list),$(part).o)
gaps := [$(foreach part,$(list),$(filter ehci,$(part)))]
nested := $(foreach a,x y,$(foreach b,1 2,$(a)$(b)))
part := kept
shadow := $(foreach part,1 2,<$(part)>) $(part)
glued := a$(foreach p,$(if $(CONFIG_USB),1 2) $(if $(CONFIG_PCI),3),$(p))b
