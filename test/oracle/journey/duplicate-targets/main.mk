# A target given several times: prerequisites of all rules count, and one recipe, the last; none is dropped where one alone has one.
all: first
	@echo first of two
all: second
	@echo second of two
once: first
once: second
	@echo the only one
once: third
never: first
never: second
many:: first
	@echo one
many:: second
	@echo two
first second third: ;
.PHONY: all once never many first second third
