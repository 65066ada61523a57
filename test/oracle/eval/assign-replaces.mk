# An assignment in a branch replaces what was before in that branch alone.
obj-y += core.o
ifeq ($(CONFIG_SMP),y)
obj-y := smp.o
endif
obj-y += late.o
ifneq ($(CONFIG_PM),m)
obj-y = pm.o
endif
obj-y += last.o
