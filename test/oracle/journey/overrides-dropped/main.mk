# command line: KDIR=/build TARGETS=livepatch
# then: sub.mk
# Without MAKEOVERRIDES the command line is handed on as environment alone, and makefiles may change it.
print := KDIR TARGETS
MAKEOVERRIDES =
include ../print.inc
all: ; @$(MAKE) --no-print-directory -f sub.mk
