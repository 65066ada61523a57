a\#b = c
