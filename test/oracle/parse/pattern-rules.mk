A = x
%.o: %.c | dir
	cc
a.s b.s: %.s: %.c h | late
	static
$(A).t: %.t: %.u ; echo
c.v d.v:%.v:%.w
	close
all:
