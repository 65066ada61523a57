empty =
: a ?= b
&: c: d ; e
	ignored
$(empty): b
	ignored too
all:
	echo
