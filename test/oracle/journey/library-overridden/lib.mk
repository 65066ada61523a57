all: generated
	@echo library all
emit_tests:
	@echo library emit_tests
generated: ; @echo generated
.PHONY: all emit_tests generated
