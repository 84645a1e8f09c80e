"""One module for each command or group of commands: it parses, calls one operation, renders, and returns the status."""
