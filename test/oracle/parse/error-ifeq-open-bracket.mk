ifneq (a,(b)
endif
