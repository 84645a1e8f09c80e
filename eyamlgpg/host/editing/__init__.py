"""The user's editor and the private place where it finds the plaintext."""
