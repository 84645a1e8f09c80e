"""Rules on secrets that stand in clear text."""
