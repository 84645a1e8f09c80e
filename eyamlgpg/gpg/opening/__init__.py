"""Opening messages: one gpg or many, and the proof that a plaintext is whole."""
