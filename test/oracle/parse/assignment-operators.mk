A = 1 $(B)
B := 2
C ::= 3
D ?= 4
B ?= 5
A += 6
B += 7
E += 8
F=9
G:=10
a+b = 11
lib++ += 12
what? = 13
H := $(B)-$(G)
all:
