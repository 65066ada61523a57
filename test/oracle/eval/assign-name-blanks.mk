# Blanks that a computed name expands to belong to it.
space := $(empty) $(empty)
obj-$(CONFIG_SND)$(space) := snd.o
$(space)board := omap3
shown := [$(board)$(obj-y)] [$($(space)board)] [$(obj-y$(space))]
