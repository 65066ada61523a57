A = a
ifeq (a,a)
B1 = 1
endif
ifeq ( a , a)
B2 = not
else
B2 = 2
endif
ifeq (a ,   a)
B3 = 3
endif
ifeq (a,a )
B4 = not
endif
ifeq ($(A),a)
B5 = 5
endif
ifeq ((a,b),(a,b))
B6 = 6
endif
ifeq "a" 'a'
B7 = 7
endif
ifeq 'a''a'
B8 = 8
endif
ifneq "a b""a c"
B9 = 9
endif
ifeq (,)
B10 = 10
endif
ifeq (a,\
      a)
B11 = 11
endif
ifdef A # x
B12 = 12
endif
ifndef $(A)A
B13 = 13
endif
ifdef
B14 = not
else
B14 = 14
endif
ifeq (a,(b)c)
else ifeq (a,a) # x
B15 = 15
else
B15 = not
endif
	ifdef A
	B16 = 16
	endif
all:
