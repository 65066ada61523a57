ifeq(a,b)
endif
