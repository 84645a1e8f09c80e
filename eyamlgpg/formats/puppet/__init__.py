"""Puppet's own files: hiera.yaml, read and written."""
