"""A control tree at one moment: as it lies in the working directory, as the next commit has it, or as a commit does."""
