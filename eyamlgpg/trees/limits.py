"""Files of a tree that others write are read up to a limit."""

from eyamlgpg.errors import FileProblem


def bounded(path: str, content: bytes, limit: int | None) -> bytes:
    """The content, FileProblem where it has more bytes than the limit."""
    if limit is not None:
        bounded_size(path, len(content), limit)
    return content


def bounded_size(path: str, size: int, limit: int) -> None:
    """FileProblem for a file of more bytes than the limit."""
    if size > limit:
        raise FileProblem(f"{path}: is larger than {limit:,} bytes, which is more than any file of this kind needs")
