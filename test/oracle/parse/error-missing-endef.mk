A = 1
define B
endif
	endef
