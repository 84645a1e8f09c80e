"""Whether a text looks like a secret, and what of a name may be shown; no file and no finding is known here."""
