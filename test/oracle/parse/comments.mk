A = a\#b # c
B = a\\# c
C = a\\\#b # c
D = $(call f,"#") # d
E = a#b
F = ${x #} y} # z
G = x # comment goes on \
H = not read
# so does this one \
I = not read
J = 1
K = $$(x # y)
all:
