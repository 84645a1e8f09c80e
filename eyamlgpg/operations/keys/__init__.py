"""`keys`: one use case a module, from choosing keys to certifying them."""
