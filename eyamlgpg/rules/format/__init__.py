"""Rules on the format of a file: whatever Puppet would trip over."""
