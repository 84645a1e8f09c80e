"""`audit`: who can read what in a tree, now or at any commit, what is risky about it, and how two moments differ."""
