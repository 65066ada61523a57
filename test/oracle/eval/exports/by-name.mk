# Exported by name, in an assignment, under a condition, and taken back.
A := a
export A
export B = $(CONFIG_USB)b
C := c
ifdef CONFIG_USB
export C
endif
D := d
export D
unexport D
E := e
LIST := F G
export $(LIST)
F := f
export NEVER
all: ; @env
