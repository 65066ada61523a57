# `$(eval)` in a value takes effect when the value is expanded.
count = $(eval counter += x)$(words $(counter))
one := $(count)
two := $(if $(CONFIG_USB),$(count))
three := $(count)
count := done
