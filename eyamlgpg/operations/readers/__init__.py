"""Who can read the values of a tree, who should, who could: `who`, `recrypt`, and `rotation`, the worklist."""
