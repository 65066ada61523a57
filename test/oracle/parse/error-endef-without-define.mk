define A
endef
endef
