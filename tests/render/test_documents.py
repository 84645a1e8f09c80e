"""JSON and CSV come piece by piece: a report is never held as a whole beside what it tells."""

import csv
import io
import json
from collections.abc import Iterator

import pytest

from eyamlgpg.render.documents import PIECE, document, table


@pytest.mark.parametrize("values", [0, 1, 3 * PIECE])
def test_a_document_is_what_json_would_write(values: int) -> None:
    content = {
        "version": 1,
        "values": [{"key": f"k\N{BULLET}{number}", "readers": ("a", "b")} for number in range(values)],
    }
    pieces = list(document(content))
    assert "".join(pieces) == json.dumps(content, indent=2) + "\n"
    assert max(map(len, pieces)) <= PIECE * 50
    assert len(pieces) < 10 + values


@pytest.mark.parametrize("rows", [0, 1, PIECE, 3 * PIECE + 1])
def test_a_table_is_what_csv_would_write(rows: int) -> None:
    content = [[number, 'a "b", c'] for number in range(rows)]
    whole = io.StringIO()
    csv.writer(whole, lineterminator="\n").writerows([["n", "text"], *content])
    pieces = list(table(["n", "text"], content))
    assert "".join(pieces) == whole.getvalue()
    assert len(pieces) == 1 + -(-rows // PIECE)


def test_a_table_takes_its_rows_as_they_are_written() -> None:
    """The first piece is there before the last row is made."""
    made: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(3 * PIECE):
            made.append(number)
            yield [number]

    pieces = table(["n"], rows())
    next(pieces), next(pieces)
    assert len(made) <= PIECE + 1
