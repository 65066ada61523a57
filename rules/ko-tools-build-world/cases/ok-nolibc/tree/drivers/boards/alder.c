int alder;
