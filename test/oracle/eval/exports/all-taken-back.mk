# The last `export` or `unexport` alone counts.
export
A := a
ifdef CONFIG_USB
unexport
endif
export B := b
all: ; @env
