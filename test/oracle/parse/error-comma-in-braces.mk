ifeq (${subst a,b,c},d)
endif
