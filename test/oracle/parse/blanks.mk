A :=    x  
B :=
empty :=
space := $(empty) $(empty)
	C := tab
  D:=2
all:
