int get;
