# unknown: when later
# `!=` runs a command.
when != date
later := $(when)x
known := y
