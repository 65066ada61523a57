int boards;
