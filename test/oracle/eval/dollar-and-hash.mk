# `$$` is a dollar, `\#` a hash.
price := 5$$
hash := a\#b # comment
again = $$(CONFIG_USB)
evaluated := $(again)
