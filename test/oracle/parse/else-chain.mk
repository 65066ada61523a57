X = 3
ifeq ($(X),1)
A = 1
else ifeq ($(X),2)
A = 2
else   ifdef X
A = 3
ifdef Y
B = 1
else
B = 2
endif
else ifndef Z
A = 4
else
A = 5
endif
all:
