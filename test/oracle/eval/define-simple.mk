# `define NAME :=` expands at once, `+=` appends.
board := omap3
define first :=
$(board)
$(CONFIG_USB)
endef
board := imx6
define first +=
more
endef
define second =
x \
   y
endef
