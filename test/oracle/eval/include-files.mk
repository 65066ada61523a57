# Included files are read where they stand, each as often as it is included.
before := $(board)
include parts/board.inc
after := $(board)
-include parts/missing.inc
ifdef CONFIG_USB
include parts/board.inc
endif
sinclude parts/usb.inc parts/missing.inc
include $(wildcard parts/extra-*.inc)
