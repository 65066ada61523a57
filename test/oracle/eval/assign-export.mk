# `export` in front of an assignment does not change it; of a name it defines the variable as empty.
export CROSS_$(CONFIG_SMP) := arm-
export MODE = $(CONFIG_PM)
export LATE NEVER
LATE ?= no effect
LATE += appended
unexport LOCAL
LOCAL ?= no effect
ifdef CONFIG_PM
export SOMETIMES
endif
SOMETIMES ?= $(CONFIG_PM)x
ifdef NEVER
lost := yes
endif
