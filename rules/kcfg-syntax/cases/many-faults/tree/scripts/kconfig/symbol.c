static struct symbol *sym_get_choice_menu(void);
