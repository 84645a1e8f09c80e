"""What is looked for: pure functions from what was read to findings, each rule with an id that keeps its meaning."""
