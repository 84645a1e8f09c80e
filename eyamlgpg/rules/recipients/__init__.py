"""Rules on the lines of a recipients file."""
