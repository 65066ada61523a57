# Blanks in front of a value are dropped, those behind it stay.
left :=   a  b   # comment
right := [$(left)]
under := $(CONFIG_SMP)   # comment
shown := [$(under)]
