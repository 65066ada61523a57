# A recipe that a library, included last, gives to a target that has its own: that of the makefile is dropped.
SUBDIRS := functional
all:
	@for DIR in $(SUBDIRS); do echo $$DIR; done
include lib.mk
