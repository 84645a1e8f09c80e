"""The machine: files, locks, a private place for plaintext, the user's editor."""
