"""Frozen values and the rules on them; no file, no clock, no environment."""
