gen_mods_dir:
	$(Q)$(MAKE) sub_make_done= -C $(TEST_GEN_MODS_DIR)
