ifdef NEVER
else some text
A = 1
endif x
ifeq (a,a) b
B = 2
endif # fine
define C = x
endef y
all:
