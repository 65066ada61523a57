# A recursive variable sees what is set after it, and what is bound around its use.
flags = -D$(name)=$(CONFIG_USB)
first := $(flags)
name := HUB
each := $(foreach name,A B,$(flags))
through = $(flags)$(flags)
