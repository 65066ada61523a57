A = 1
all: b ; echo
b:
B = last