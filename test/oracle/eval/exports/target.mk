# `.EXPORT_ALL_VARIABLES` as a target.
A := a
ifdef CONFIG_USB
.EXPORT_ALL_VARIABLES:
endif
all: ; @env
