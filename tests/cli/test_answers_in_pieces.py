"""An answer that is made piece by piece: `| head -1` ends no short one in its middle, and a long one is never whole."""

import pytest

from eyamlgpg.cli.messages import answer
from eyamlgpg.host import streams


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    made: list[bytes] = []
    monkeypatch.setattr(streams, "write_output", made.append)
    return made


def test_a_short_answer_is_written_at_once(written: list[bytes]) -> None:
    answer(f"line {number}\n" for number in range(1000))
    assert written == [b"".join(b"line %d\n" % number for number in range(1000))]


def test_a_long_answer_is_written_as_it_comes(written: list[bytes]) -> None:
    answer("x" * 40_000 for _ in range(5))
    assert [len(piece) for piece in written] == [80_000, 80_000, 40_000]
