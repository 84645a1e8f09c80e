"""A tree as use cases see it: its files, the lists that govern them, its keys, and how values differ from both."""
