A = a \
   b\
	c
B = a \\\
 b
C = x \\
D = $(call f, \
	 a) \
 \
	 b
E \
  = \
  e
F = trailing \

G := \
  $(C) \
  g
all: a \
  b
a b:
Z = end \
