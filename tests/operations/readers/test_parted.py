"""A version read by its parts, with and without one that was read before."""

import random

import pytest

from eyamlgpg.operations.readers.parted import Parted, part

LINES = [
    b"a: 1\n",
    b"bb: two\n",
    b"c:\n  d: 1\n  e: 2\n",
    b"# comment\n",
    b"\n",
    b"'q': x\n",
    b"  deeper: 1\n",
    b"a: 1\r\n",
    b"text without an end",
    b"x" * 70_000 + b": long\n",
]


def pieces(content: bytes, before: Parted[bytes] | None = None) -> Parted[bytes] | None:
    return part(content, before, lambda piece: piece)


@pytest.mark.parametrize("seed", range(30))
def test_the_parts_are_the_same_whatever_was_read_before(seed: int) -> None:
    """Also the part alone that a change touches, and where nothing or everything is shared."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, and no secret
    lines = [b"---\n", *chance.choices(LINES, k=12)]
    before = None
    for _ in range(60):
        at = chance.randrange(1, len(lines))
        match chance.randrange(3):
            case 0:
                lines[at : at + 1] = []
            case 1:
                lines.insert(at, chance.choice(LINES))
            case _:
                lines[at] = chance.choice(LINES)
        lines = lines or [b"---\n"]
        if len(lines) < 3:
            lines += LINES[:3]
        content = b"".join(lines)
        alone, after = pieces(content), pieces(content, before)
        assert (alone is None) == (after is None)
        if alone is not None and after is not None:
            assert (list(after.starts), list(after.read)) == (list(alone.starts), list(alone.read))
            assert after.preamble + b"\n".join(after.read) == content
            before = after


def test_only_the_part_that_changed_is_read_again() -> None:
    first = b"".join(b"key%d: value\n" % number for number in range(1000))
    before = pieces(first)
    read: list[bytes] = []

    def noted(piece: bytes) -> bytes:
        read.append(piece)
        return piece

    after = part(first.replace(b"key500: value", b"key500: other"), before, noted)
    assert after is not None
    assert read == [b"key500: other"]
    read.clear()
    assert part(first, before, noted) is not None
    assert len(read) <= 1


@pytest.mark.parametrize("odd", [b"---\nb: 1\n", b"...\n", b"x: 1\ry: 2\n"])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_documents_and_odd_line_ends_are_not_parted(odd: bytes, place: int) -> None:
    lines = [b"---\n", b"a: 1\n", b"b: 2\n", b"c: 3\n"]
    before = pieces(b"".join(lines))
    lines.insert(place + 1, odd)
    assert pieces(b"".join(lines)) is None
    assert pieces(b"".join(lines), before) is None


@pytest.mark.parametrize("content", [b"", b"- a\n", b"{a: 1}\n", b"--- text\n", b"%YAML 1.1\n---\na: 1\n", b"  a: 1\n"])
def test_what_does_not_begin_with_a_key_is_not_parted(content: bytes) -> None:
    assert pieces(content) is None


def test_a_part_that_cannot_be_read_alone_ends_it() -> None:
    assert part(b"a: 1\nb: 2\n", None, lambda piece: None if piece.startswith(b"b") else piece) is None
