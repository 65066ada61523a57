# Each line prints what make takes for the arguments; the test reads the same out of our tree.
show = [$(1)][$(2)][$(3)][$(4)]
$(info $(call show,a,b,c,d))
$(info $(call show, a , b ,c ))
$(info $(call   show,a))
$(info ${call show,a,b})
$(info $(call show,(a,b),c))
$(info $(call show,{a,b},c))
$(info ${call show,(a,b),c})
$(info ${call show,{a,b},c})
$(info $(call show,a(,b),c))
$(info $(call show,a \
    b, \
    c))
$(info $(call	show,tab))
$(info $(call show,$$a,\#b,c$))
$(info $(call show,,,x))
$(info $(if a,b,c,d))
$(info $(if ,b,c,d))
$(info $(if a, b ,c))
$(info $(if a,(b,c)d,e))
$(info $(or ,a,b))
$(info $(or a b,c))
$(info $(strip  a,b  c ))
$(info $(strip (a,b),c))
all:
