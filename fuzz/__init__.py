"""Hostile input for every parser: targets that a coverage-guided fuzzer and the tests drive alike."""
