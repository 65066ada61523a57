# `$(eval)` reads its text as a makefile.
define multi
$(1)-y += $(1).o
obj-$$(CONFIG_USB) += $(1)-late.o
endef
$(eval $(call multi,hub))
$(eval $(call multi,port))
$(foreach each,ehci ohci,$(eval $(call multi,$(each))))
name := $(CONFIG_PCI)
$(eval list-$(name) := pci.o)
ifdef CONFIG_USB
$(eval in-branch := yes)
endif
