"""Encrypting many messages anew, one after another in this process."""
