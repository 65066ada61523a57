# Blanks become one each.
text :=   hub   port.o	$(CONFIG_USB)  ehci
a := [$(strip $(text))]
b := [$(strip $(CONFIG_USB) $(CONFIG_PCI))]
c := [$(strip $(empty) )]
