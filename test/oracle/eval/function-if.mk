# The branch that is not taken is not expanded; blanks around the condition do not count.
a := $(if $(CONFIG_USB),yes,no)
b := $(if $(CONFIG_USB),yes)
c := $(if  $(CONFIG_USB) , spaced , none )
d := $(if $(CONFIG_USB),$(if $(CONFIG_PCI),both,usb),$(if $(CONFIG_PCI),pci,none))
e := $(if $(empty),$(error not reached),fine)
space := $(empty) $(empty)
f := $(if $(space),blank is true,blank is false)
