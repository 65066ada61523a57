# Blanks between the parts of a value that was appended to in both flavours.
ifeq ($(CONFIG_USB),y)
flags = $(a)
else ifeq ($(CONFIG_USB),m)
flags := $(a)
endif
flags += $(b)
flags += -c
a :=
b :=
shown := [$(flags)]
