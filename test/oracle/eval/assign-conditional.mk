# `?=` sets a variable only where it is undefined; an empty one is defined.
ifdef CONFIG_SMP
cpus :=
endif
cpus ?= one
cpus ?= two
cpus += more
board ?= $(late)
late := omap3
