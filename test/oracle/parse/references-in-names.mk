x = y
A-$(x) = 1
$(x)-${x}-B = 2
C$x = 3
$$D = 4
$(undefined = +=)E = 5
all:
