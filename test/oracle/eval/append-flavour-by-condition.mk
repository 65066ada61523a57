# The flavour that `+=` follows may differ between configurations.
ifdef CONFIG_SND
codecs := ac97.o
else
codecs = $(later)
endif
codecs += $(later)
later := wm8960.o
