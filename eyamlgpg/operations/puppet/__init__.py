"""`hiera`: a hiera.yaml for values of GPG, written, or held against the tree, the masters and their homes."""
