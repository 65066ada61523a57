# environment: ARCH=arm64 KCFLAGS=-g O=out
# What the environment gives is a default; an assignment of the makefile replaces it.
ARCH ?= x86
KCFLAGS += -DX
O := other
ifdef CONFIG_USB
ARCH := arm
endif
origins := $(origin ARCH) $(origin O) $(origin KCFLAGS) $(flavor KCFLAGS)
