# `export` alone, and what it does not take.
A := a
ifdef CONFIG_USB
export
endif
B := b
unexport B
C-1 := no name for a shell
export D := d
E = e
all: ; @env
