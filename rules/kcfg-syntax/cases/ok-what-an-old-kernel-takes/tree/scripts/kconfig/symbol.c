struct symbol *sym_choice_default(void);
