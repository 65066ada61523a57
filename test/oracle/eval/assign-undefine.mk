# `undefine` takes a variable away where it is reached.
board := omap3
ifdef CONFIG_SMP
undefine board
endif
board ?= imx6
origin := $(origin board) $(flavor board)
