export A = 1
override B := 2
override export C = 3
export override D ?= 4
private E = 5
override define F
six
endef
export define G :=
endef
all:
