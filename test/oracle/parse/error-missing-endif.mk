ifdef A
ifdef B
endif
