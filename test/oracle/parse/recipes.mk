all: b c
	@echo one \
	  two \
 three
	-$(CC) -o $@ \
		$(call f, \
			a)
	X := 1

	include x
b: ; echo 'inline; # not a comment'
	echo second
c: d;
d: ;@echo
