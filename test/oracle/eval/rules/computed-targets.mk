# Targets and whole rules that come out of references.
obj := drivers/usb
dir := .
$(obj)/%.o: ; @cc $*
$(addprefix $(obj)/,hub.h $(if $(CONFIG_USB),port.h)): $(obj)/gen
	@gen $@
define rule
$(1).x: $(1).y
	@make $$@
endef
$(foreach each,a $(if $(CONFIG_PCI),b),$(eval $(call rule,$(each))))
line = c.x: c.y d.y
$(line)
	@touch $@
