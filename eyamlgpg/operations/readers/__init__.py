"""Who can read the values of a tree, who should, and the way from the one to the other: `who` and `recrypt`."""
