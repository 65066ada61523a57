# A list may be rewritten through itself, as drivers/firmware/efi/libstub does.
lib-y := efi-stub.o gop.o
lib-$(CONFIG_EFI) += random.o
lib-$(CONFIG_ARM64) += arm64.o
lib-y := $(patsubst %.o,%.stub.o,$(lib-y))
lib-y := first.o $(lib-y) $(lib-y:.stub.o=.o)
