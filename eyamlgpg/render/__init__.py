"""Results to text: nothing is decided here and no file is touched."""
