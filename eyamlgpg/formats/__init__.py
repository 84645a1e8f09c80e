"""Texts and bytes to values and back: total functions, every failure with a position."""
