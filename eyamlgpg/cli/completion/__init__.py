"""Completion by Tab: the scripts for the shells, and the answers to their questions."""
