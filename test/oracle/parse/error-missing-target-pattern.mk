a: : c
