"""The project's own measurements: `tox -e bench`, or `python -m benchmarks`."""
