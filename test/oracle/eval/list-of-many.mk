# Thirty guarded words: thirty entries, not two to the thirtieth strings.
codecs-y :=
codecs-$(CONFIG_CODEC_0) += codec0.o
codecs-$(CONFIG_CODEC_1) += codec1.o
codecs-$(CONFIG_CODEC_2) += codec2.o
codecs-$(CONFIG_CODEC_3) += codec3.o
codecs-$(CONFIG_CODEC_4) += codec4.o
codecs-$(CONFIG_CODEC_5) += codec5.o
codecs-$(CONFIG_CODEC_6) += codec6.o
codecs-$(CONFIG_CODEC_7) += codec7.o
codecs-$(CONFIG_CODEC_8) += codec8.o
codecs-$(CONFIG_CODEC_9) += codec9.o
codecs-$(CONFIG_CODEC_10) += codec10.o
codecs-$(CONFIG_CODEC_11) += codec11.o
codecs-$(CONFIG_CODEC_12) += codec12.o
codecs-$(CONFIG_CODEC_13) += codec13.o
codecs-$(CONFIG_CODEC_14) += codec14.o
codecs-$(CONFIG_CODEC_15) += codec15.o
codecs-$(CONFIG_CODEC_16) += codec16.o
codecs-$(CONFIG_CODEC_17) += codec17.o
codecs-$(CONFIG_CODEC_18) += codec18.o
codecs-$(CONFIG_CODEC_19) += codec19.o
codecs-$(CONFIG_CODEC_20) += codec20.o
codecs-$(CONFIG_CODEC_21) += codec21.o
codecs-$(CONFIG_CODEC_22) += codec22.o
codecs-$(CONFIG_CODEC_23) += codec23.o
codecs-$(CONFIG_CODEC_24) += codec24.o
codecs-$(CONFIG_CODEC_25) += codec25.o
codecs-$(CONFIG_CODEC_26) += codec26.o
codecs-$(CONFIG_CODEC_27) += codec27.o
codecs-$(CONFIG_CODEC_28) += codec28.o
codecs-$(CONFIG_CODEC_29) += codec29.o

all := $(sort $(codecs-y) $(codecs-m))
renamed := $(codecs-y:.o=.ko)
some := $(filter codec1%.o,$(codecs-y))
ifneq ($(codecs-m),)
any := yes
endif
