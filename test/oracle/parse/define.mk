define A
	gzip $< # x
endif
  indented
endef
define B =
define inner
x
endef
  define	tabbed
 endef # x
after
endef # of B
define C
	define not-counted
	endef
defined
endef#x
override define not-counted
last \
   joined
endef
define D

endef
define E
endef
define two words
x
endef
define F
x
endef
define A-more +=
y
endef
all:
