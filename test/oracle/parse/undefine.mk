A = 1
B = 2
undefine A
override undefine C # x
all:
