"""OpenPGP as bytes (RFC 9580): armor, packets, signatures and certificates, read without any key."""
