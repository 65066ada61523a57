# `$(call)` of a built-in function.
sorted := $(call sort,port.o hub.o port.o)
filtered := $(call filter,%.o,a.o b.c)
stripped := $(call strip, a   b )
