all: generated $(if $(SUBDIRS),directories)
	@echo library all
generated directories: ; @echo $@
.PHONY: all generated directories
