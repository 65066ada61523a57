# Parts of paths.
paths := drivers/usb/hub.c $(if $(CONFIG_USB),ehci.S) arch/arm/ core.tar.gz .gitignore lib.d/file
dirs := $(dir $(paths))
names := $(notdir $(paths))
bases := $(basename $(paths))
ends := $(suffix $(paths))
blank := [$(notdir a/ b/ c)]
