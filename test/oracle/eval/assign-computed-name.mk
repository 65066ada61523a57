# Names are expanded first, and may be different ones in each configuration.
obj-$(CONFIG_SND) += snd.o
obj-$(CONFIG_SND)$(CONFIG_I2C) := both.o
bus := i2c
$(bus)-$(CONFIG_I2C)-objs := core.o
all := $(obj-y) $(obj-m) $(obj-) $(obj-yy) $(obj-ym) $(obj-my) $(i2c-y-objs)
