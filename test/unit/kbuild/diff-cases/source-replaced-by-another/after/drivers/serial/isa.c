int isa;
