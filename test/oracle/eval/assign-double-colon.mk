# `::=` is `:=`.
name ::= $(CONFIG_SMP)
copy ::= $(name)x
name ::= $(copy)$(copy)
