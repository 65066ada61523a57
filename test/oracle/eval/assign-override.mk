# After `override` an ordinary assignment has no effect where the override was reached.
ifdef CONFIG_SMP
override flags := -DSMP
endif
flags := -O2
flags += -g
override flags += -Wall
flags ?= never
