ifdef $(A) B
endif
