# `+=` to a simple variable expands at once; an empty text adds no blank.
suffix := $(CONFIG_SND)
codecs :=
codecs += $(suffix)
codecs += ac97.o
codecs += $(empty)
codecs += wm8960.o
suffix := late
