	A = 1
	ifdef A
	B = 2
	endif
	# comment
all: b
C = 3
	D = 4
b: V = 5
	E = 6
c:
export A
	F = 7
