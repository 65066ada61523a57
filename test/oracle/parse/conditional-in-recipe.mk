all: b
	echo start
ifdef NEVER
	echo never
else
	echo always
  ifeq (a,a)
	echo equal
  endif
endif

# still the same recipe
	ifeq (a,b)
	endif
	# for the shell
	echo end
b:
