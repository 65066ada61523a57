A = 1

ifdefA
B = 2
endif
all:
