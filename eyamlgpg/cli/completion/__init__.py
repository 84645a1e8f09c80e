"""Completion by Tab: the scripts for the shells, and the answers to their questions."""

VARIABLE = "_EYAMLGPG_COMPLETE"
"""The variable by which a shell asks for completions, named as click names it."""
