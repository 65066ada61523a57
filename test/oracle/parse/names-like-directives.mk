ifdef := a
else = b
endif := c
export := d
include += e
define = f
endef ?= g
vpath = h
override := i
private = j
undefine = k
unexport := l
load = m
-include = n
all:
