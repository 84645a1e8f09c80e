"""A version is shortened alike, whatever version was read before it."""

import random

import pytest

from eyamlgpg.operations.readers.shortened import MARKED, shorten

PIECES = [
    b"a: ENC[GPG,aGVsbG8=]\n",
    b"b: ENC[gpg,d29ybGQ=]\n",
    b"c: >\n  ENC[GPG,aGVs\n  bG8=]\n",
    b"d: >\n  ENC[GPG,aGVs\n bG8=]\n",
    b"e: >\n",
    b"  ENC[GPG,aGVsbG8=]\n",
    b"f: 'ENC[GPG,aGVs\n  bG8=]'\n",
    b"g: ENC[PKCS7,aGVsbG8=]\n",
    b"h: ENC[GPG,aGVs",
    b"bG8=]\n",
    b"ENC[GPG,0]\n",
    b"\xff\xfe no UTF-8\n",
    b"plain: text\n",
    b"]\n",
]
"""What files are made of; some are values only together with what stands before."""


def read(content: bytes) -> bytes:
    return bytes(content)


@pytest.mark.parametrize("seed", range(30))
def test_any_version_before_changes_nothing(seed: int) -> None:
    """Everything that is taken over is what a look at the whole finds."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, and no secret
    pieces = chance.choices(PIECES, k=12)
    before = None
    for _ in range(60):
        at = chance.randrange(len(pieces) + 1)
        pieces[at : at + chance.randrange(3)] = chance.choices(PIECES, k=chance.randrange(3))
        content = b"".join(pieces)
        before = shorten(content, before, read)
        assert before == shorten(content, None, read)


def test_what_is_taken_out_is_marked_and_the_rest_stays() -> None:
    short = shorten(b"".join(PIECES), None, read)
    assert short.taken[:3] == [b"aGVsbG8=", b"d29ybGQ=", b"aGVs\n  bG8="]
    assert len(MARKED.findall(short.text.decode(errors="replace"))) == len(short.taken)
    assert b"c: >\n  ENC[GPG,0]\n" in short.text
    assert b"d: >\n  ENC[GPG,aGVs\n bG8=]\n" in short.text


def test_values_that_a_version_shares_are_not_read_again() -> None:
    text = b"".join(b"k%d: ENC[GPG,%d]\n" % (number, number) for number in range(1000, 1200))
    again: list[bytes] = []

    def noted(content: bytes) -> bytes:
        again.append(content)
        return content

    before = shorten(text, None, read)
    shorten(text.replace(b"k1100: ENC[GPG,1100]", b"new: ENC[GPG,5]"), before, noted)
    assert again == [b"5"]
