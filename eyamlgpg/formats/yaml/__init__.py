"""YAML files as text with a structure: what stands where, at which Hiera key, and edits that leave the rest alone."""
