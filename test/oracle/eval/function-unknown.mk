# unknown: result
# A function that no file in sight defines; unknown here, as scripts/Kbuild.include would define it.
result := $(call if_changed,cc_o_c)
known := $(CONFIG_USB)
