"""eyamlgpg: OpenPGP secrets in Hiera data, for teams that keep them in Git."""

__version__ = "1.0.0rc1"
