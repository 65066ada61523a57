# directory: sub
# Whether a directory is there, from where make runs, as selftests and modules ask before they call the kernel's make.
print := here above none chosen missing real made list
KDIR := ../parts
ifeq ($(wildcard $(KDIR)),)
here := no
else
here := $(wildcard $(KDIR)/.)
endif
above := $(if $(wildcard ../parts/*.inc),$(notdir $(wildcard ../parts/*.inc)),none)
none := $(if $(wildcard ../missing),there,not there)
chosen := $(firstword $(wildcard missing ../missing parts ../parts))
ifneq ($(wildcard ../missing/.),)
missing := there
endif
real := $(notdir $(realpath ../parts ../missing parts/../parts))
made := $(notdir $(abspath ../missing))
list := $(notdir $(MAKEFILE_LIST))
include ../../print.inc
all: ;
