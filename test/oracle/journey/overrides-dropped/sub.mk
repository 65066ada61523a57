print := KDIR TARGETS
KDIR := changed
TARGETS ?= not there
include ../print.inc
all: ;
