# A function may call itself, if it ends.
reverse = $(if $(1),$(call reverse,$(wordlist 2,9,$(1))) $(firstword $(1)))
back := $(strip $(call reverse,hub port ehci))
some := $(strip $(call reverse,hub $(if $(CONFIG_USB),port)))
