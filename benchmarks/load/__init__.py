"""`python -m benchmarks.load`: what each command needs on trees of 1,000, 10,000 and 100,000 values, as curves."""
