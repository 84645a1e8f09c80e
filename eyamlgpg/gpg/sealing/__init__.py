"""Sealing messages: in this process, or by gpg."""
