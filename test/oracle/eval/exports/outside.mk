# command line: A=given
# environment: B=inherited C=inherited D=inherited
# What comes from the command line or the environment goes on, unless it is taken back.
B := changed
unexport C
ifdef CONFIG_USB
unexport A
endif
E := e
all: ; @env
