# `+=` to an undefined variable makes it recursive: what it refers to may come later.
codecs-$(CONFIG_SND) += $(later)
codecs-y += wm8960.o
later := ac97.o
