"""The only place that runs git; imported by those commands alone that have use for it."""
