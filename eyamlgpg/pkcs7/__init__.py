"""PKCS7, the default method of hiera-eyaml: its messages opened and made with one key pair (extra `pkcs7`)."""
