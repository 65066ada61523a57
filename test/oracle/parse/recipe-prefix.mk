.RECIPEPREFIX = >
all: b
> echo
	A = 1
.RECIPEPREFIX =
b:
	echo
