# Questions about tools: both answers are followed.
flags := $(call cc-option,-Wvla,-Wno-vla)
more := -O2 $(call cc-option, -fno-stack-check) $(call cc-disable-warning, unused-value)
yn := $(call cc-option-yn,-mfoo)
ifeq ($(call cc-option-yn,-mfoo),y)
has := yes
endif
ifdef CONFIG_USB
flags += $(call as-instr,nop,-DNOP=1,-DNOP=0)
endif
ifeq ($(call test-ge,$(CONFIG_USB),5),y)
big := yes
endif
version := $(call gcc-min-version,110000)
