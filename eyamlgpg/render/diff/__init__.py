"""What a change means for secrets: for people, for programs, and for the page of a pull request."""
