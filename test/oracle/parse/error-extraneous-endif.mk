A = 1
endif
endif
