"""What the files of a tree say together about the keys in them, gathered before any file is judged."""
