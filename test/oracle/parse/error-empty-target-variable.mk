a b := c
