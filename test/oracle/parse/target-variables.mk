A = a
x y: B = c
x: override export C += d
y: D := e ; f # g
z: private E = h # i
z: F := $(A) # i ; j
$(A).o: G = k
x: H = a: b
w: I ?= 1
all: x y z w
x y z w:
