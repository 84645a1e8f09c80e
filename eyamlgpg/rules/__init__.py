"""What `check` looks for, one rule a module; `catalogue` lists them all."""
