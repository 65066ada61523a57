obj-y a.o
