int larch;
