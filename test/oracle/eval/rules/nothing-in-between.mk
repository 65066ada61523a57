# Comments and blank lines do not end a recipe, a variable does.
all: hub.o
	@echo one

# a comment
	@echo two
x := 1
ifdef CONFIG_USB
    y := $(x)
endif
hub.o: $(y)
