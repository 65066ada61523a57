# command line: KDIR=/build TARGETS=livepatch
# environment: CC=clang HOME=/root
# then: sub.mk OUTPUT=/out TARGETS=futex
# What a recipe's make and shell find: the command line, the environment, what is exported; not what is not.
print := KDIR TARGETS CC HOME plain exported changed taken OUTPUT
plain := here
export exported := $(plain) and there
CC := gcc
KDIR := ignored
override TARGETS += timers
changed := before
export changed
changed := after
export taken := away
unexport taken
include ../print.inc
all:
	@printf '@@shell %s\n' "KDIR|$$KDIR" "TARGETS|$$TARGETS" "CC|$$CC" "plain|$$plain" "exported|$$exported" "changed|$$changed" "taken|$$taken"
	@$(MAKE) --no-print-directory -f sub.mk OUTPUT=/out TARGETS=futex
