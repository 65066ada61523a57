A = $(call B
C := ${wildcard x)
