"""Git's merges of files with values, and of recipients files: text as git merges it, values and readers one by one."""
