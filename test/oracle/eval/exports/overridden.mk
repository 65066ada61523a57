# command line: A=given B=given C=given
# environment: C=inherited
# What `override` changes of the command line goes on no more, unless it is exported, or is in the environment too.
override A += more
override C += more
ifdef CONFIG_USB
override B := other
endif
all: ; @env
