empty =
: a
	ignored
$(empty): b
	ignored too
all:
	echo
