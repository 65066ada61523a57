# The text before expansion.
plain = $(CONFIG_USB) and $$5
raw := $(value plain)
simple := $(CONFIG_USB)
kept := $(value simple)
none := $(value nowhere)
