# A recipe behind branches that each end with a rule.
ifdef CONFIG_USB
all: usb.o
else
all: core.o
endif
	@echo shared
