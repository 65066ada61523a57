all:
A = 1
	echo
