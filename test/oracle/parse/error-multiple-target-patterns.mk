a.o: %.o %.p: c
