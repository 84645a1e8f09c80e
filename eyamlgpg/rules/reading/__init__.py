"""A file as the rules read it: its places, aliases, comments and lines, each read once."""
