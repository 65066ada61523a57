ifdef A
else
else ifdef B
endif
