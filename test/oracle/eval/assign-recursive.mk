# `=` is expanded at each use, `:=` once.
board = $(name).o
early := $(board)
name := omap3
late := $(board)
name := imx6
