"""JSON and CSV, written piece by piece: the text of a large tree's report is never in memory as a whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

PIECE = 4_096
"""Rows of a table, or chunks of the JSON encoder (a few bytes each), that are handed out together."""


def document(content: Mapping[str, Any]) -> Iterator[str]:
    """An indented document with a newline at its end. Tuples are arrays, as lists are."""
    from json import JSONEncoder

    yield from _joined(JSONEncoder(indent=2).iterencode(content))
    yield "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table with its heads; lines end with a newline alone."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    rest = iter(rows)
    while text := out.getvalue():
        yield text
        out.seek(0)
        out.truncate()
        writer.writerows(islice(rest, PIECE))


def _joined(chunks: Iterable[str]) -> Iterator[str]:
    rest = iter(chunks)
    while piece := "".join(islice(rest, PIECE)):
        yield piece
