"""eyamlgpg: OpenPGP secrets in Hiera data, for teams that keep them in Git."""

__version__ = "0.1.0"
