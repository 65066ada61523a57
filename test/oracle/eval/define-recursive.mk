# `define` keeps lines; it is recursive unless it says otherwise.
define banner
board $(board)
  $(CONFIG_USB) # not a comment
last
endef
board := omap3
define empty_body
endef
