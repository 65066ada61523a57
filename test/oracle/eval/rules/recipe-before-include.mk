# The other way round: what the including file gives after the include wins.
include parts/lib.inc
ifdef CONFIG_USB
all: own
	@echo own
endif
own tests: ; @echo made
