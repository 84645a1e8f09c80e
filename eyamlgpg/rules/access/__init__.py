"""Rules on who can read a value, told from its ciphertext, and on a recipients file as a whole."""
