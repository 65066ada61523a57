all: a\#b
a\#b:
c: d\\#e
d\:
