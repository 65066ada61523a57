# Words by number, where some are there only in some configurations.
list := $(if $(CONFIG_USB),hub) port $(if $(CONFIG_PCI),pci) ehci
first := $(firstword $(list))
second := $(word 2,$(list))
fourth := $(word 4,$(list))
last := $(lastword $(list))
middle := $(wordlist 2,3,$(list))
rest := $(wordlist 2,99,$(list))
back := $(wordlist 3,2,$(list))
count := $(words $(list))
nth := $(word $(words $(list)),$(list))
none := $(firstword $(empty)) $(words $(empty))
maybe := $(firstword $(if $(CONFIG_USB),hub))
