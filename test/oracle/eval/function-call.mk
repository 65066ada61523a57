# unknown: pick
# A variable as a function: arguments by number, those that are missing are empty.
greet = <$(1)|$(2)|$(3)>
one := $(call greet,$(CONFIG_USB))
two := $(call greet, a , b,c)
nested = [$(call greet,$(1),x)]
three := $(call nested,out,hidden)
self = $(0)-$(1)
four := $(call self,x)
simple := constant
five := $(call simple,ignored)
pick = $(call $(1)-$(CONFIG_USB),arg)
a-y = yes:$(1)
a-m = mod:$(1)
a- = none:$(1)
six := $(call pick,a)
