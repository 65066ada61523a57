# `.PHONY` over several lines and under conditions.
.PHONY: all clean
all: $(if $(CONFIG_USB),check)
clean: ; rm -f x
ifdef CONFIG_USB
.PHONY: check
check: ; @echo check
endif
PHONY += late
.PHONY: $(PHONY)
