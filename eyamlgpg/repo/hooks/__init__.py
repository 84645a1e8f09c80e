"""Git's hooks: where they stand, what is in them, and how ours come and go without harm to others."""
