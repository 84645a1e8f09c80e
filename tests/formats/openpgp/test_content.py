"""What may stand in an encrypted message: one literal, perhaps compressed once; all else is gpg's."""

import bz2
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.openpgp.content import literal, plaintext_of
from eyamlgpg.formats.openpgp.framing import packet
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.model import limits

LIMIT = limits.MEBIBYTE


def raw(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def mode(letter: bytes, plaintext: bytes) -> bytes:
    return packet(11, letter + b"\x03abc" + bytes(4) + plaintext)


@given(st.binary(max_size=300))
def test_a_literal_comes_back(plaintext: bytes) -> None:
    content = literal(plaintext)
    for form in (
        content,
        packet(8, b"\0" + content),
        packet(8, b"\1" + raw(content)),
        packet(8, b"\2" + zlib.compress(content)),
    ):
        assert plaintext_of(form, LIMIT) == plaintext


@pytest.mark.parametrize("letter", [b"b", b"t", b"u"])
def test_a_text_without_a_carriage_return_is_as_it_stands(letter: bytes) -> None:
    assert plaintext_of(mode(letter, b"a\nb"), LIMIT) == b"a\nb"


SIGNED = packet(4, b"\3" + bytes(12)) + literal(b"x") + packet(2, b"\4")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (mode(b"t", b"a\r\n"), Unusual.LINE_ENDS),
        (mode(b"u", b"a\rb"), Unusual.LINE_ENDS),
        (mode(b"l", b"a"), Unusual.UNKNOWN),
        (mode(b"m", b"a"), Unusual.UNKNOWN),
        (b"", Unusual.UNKNOWN),
        (packet(11, b""), Unusual.DAMAGED),
        (packet(11, b"b\x03ab"), Unusual.DAMAGED),
        (literal(b"x") + literal(b"y"), Unusual.UNKNOWN),
        (literal(b"x") + packet(10, b"PGP"), Unusual.UNKNOWN),
        (SIGNED, Unusual.SIGNED),
        (packet(8, b"\1" + raw(SIGNED)), Unusual.SIGNED),
        (packet(2, b"\3") + literal(b"x"), Unusual.SIGNED),
        (packet(8, b""), Unusual.COMPRESSION),
        (packet(8, b"\3" + bz2.compress(literal(b"x"))), Unusual.COMPRESSION),
        (packet(8, b"\1" + raw(literal(b"x")) + b"\0"), Unusual.DAMAGED),
        (packet(8, b"\1" + raw(literal(b"x"))[:-1]), Unusual.DAMAGED),
        (packet(8, b"\2" + zlib.compress(literal(b"x"))[:-1]), Unusual.DAMAGED),
        (packet(8, b"\2" + raw(literal(b"x"))), Unusual.DAMAGED),
        (packet(8, b"\1" + raw(packet(8, b"\1" + raw(literal(b"x"))))), Unusual.UNKNOWN),
        (literal(bytes(LIMIT + 1)), Unusual.LARGE),
        (packet(8, b"\1" + raw(literal(bytes(LIMIT + 1)))), Unusual.LARGE),
        (packet(8, b"\1" + raw(literal(bytes(100 * LIMIT)))), Unusual.LARGE),
    ],
)  # fmt: skip
def test_all_else_is_left_to_gpg(content: bytes, why: Unusual) -> None:
    with pytest.raises(LeftToGnupg) as caught:
        plaintext_of(content, LIMIT)
    assert caught.value.why is why


def test_a_bomb_is_never_held() -> None:
    """A thousand times its size: no more than the limit and its slack is unfolded."""
    import tracemalloc

    bomb = packet(8, b"\1" + raw(literal(bytes(200 * LIMIT))))
    tracemalloc.start()
    with pytest.raises(LeftToGnupg):
        plaintext_of(bomb, LIMIT)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * LIMIT
