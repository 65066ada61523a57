$	
all$ : b$ # x
b:
ifeq (a$ ,a$$)
A = 1
endif
export $ 
