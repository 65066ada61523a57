static void tristate_print_symbol(FILE *fp, struct symbol *sym, const char *value, void *arg)
{
}
