all: a|b c|d
a b c c|d:
e:: f
	one
e:: g ; two
f g:
h i &: j ; both
j:
k:l
l:
