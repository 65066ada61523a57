A = 1
B = x \
	y
ifdef A
C = 3
endif
define D
one
two
endef
all: b ; echo
	echo x \
	  y
b:
