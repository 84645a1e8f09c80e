"""`check`: what is looked at, every rule over it, and the findings that were accepted."""
