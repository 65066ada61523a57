# Double-colon rules keep their recipes apart.
all:: hub.o
	@echo one
ifdef CONFIG_USB
all:: port.o
	@echo two
endif
all:: ; @echo three
