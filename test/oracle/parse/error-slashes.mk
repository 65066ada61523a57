// not a comment
