"""Encrypting many messages anew in worker processes, so that no plaintext enters the process that writes files."""
