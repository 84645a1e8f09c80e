"""Secrets in and out of texts: `encrypt`, `decrypt`, `edit`, `get` and `set`."""
