"""People and their roles: who joins, who leaves, and the files that say so."""
