"""A control tree at one moment: as it lies in the working directory, or as the next commit will have it."""
