"""Encrypting many messages anew, or for more readers, one after another in this process."""
