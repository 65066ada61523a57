# `ifdef` asks for text before expansion: a recursive variable that expands to nothing is defined, an empty one is not.
nothing =
indirect = $(nothing)
simple := $(nothing)
appended += $(nothing)
ifdef nothing
a := yes
endif
ifdef indirect
b := yes
endif
ifdef simple
c := yes
endif
ifdef appended
d := yes
endif
name := CONFIG_USB
ifdef $(name)
e := yes
endif
ifndef undefined
f := yes
endif
