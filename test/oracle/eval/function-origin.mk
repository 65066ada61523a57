# Where a variable comes from and how it is expanded.
plain = x
simple := x
override forced := x
ifdef CONFIG_USB
sometimes := x
endif
origins := $(origin plain) $(origin simple) $(origin forced) $(origin sometimes) $(origin nowhere)
flavours := $(flavor plain) $(flavor simple) $(flavor sometimes) $(flavor nowhere)
bound := $(foreach v,1,$(origin v))
