ifdef NEVER
all: a
else
all: b
endif
	echo x
b:
