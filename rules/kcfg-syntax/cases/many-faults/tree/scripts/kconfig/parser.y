choice_check_sanity: "defaults for choice values not supported"
