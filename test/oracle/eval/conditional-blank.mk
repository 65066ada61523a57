# Blanks count in `ifeq`, except around the arguments.
space := $(empty) $(empty)
ifeq ( $(CONFIG_USB) , y )
a := yes
endif
ifeq ($(space),)
b := empty
else
b := blank
endif
ifeq ($(strip $(space)),)
c := empty
endif
