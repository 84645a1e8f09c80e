"""Findings in each format: for people, code hosts, CI servers and other programs."""
