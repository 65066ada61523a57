print := KDIR TARGETS CC HOME plain exported changed taken OUTPUT
KDIR := ignored again
CC := own
exported += more
plain ?= not there
OUTPUT := ignored
include ../print.inc
all: ;
