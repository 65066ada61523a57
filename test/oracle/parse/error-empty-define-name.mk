define
endef
