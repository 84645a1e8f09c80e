"""Packets are split to their last octet, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.openpgp.framing import as_number, number, packet, split
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg


def in_parts(tag: int, *parts: bytes) -> bytes:
    """All but the last part have the length of a power of two."""
    *first, last = parts
    lengths = b"".join(bytes([0xE0 | len(part).bit_length() - 1]) + part for part in first)
    return bytes([0xC0 | tag]) + lengths + packet(0, last)[1:]


@given(st.lists(st.tuples(st.integers(1, 63), st.sampled_from([0, 1, 191, 192, 8383, 8384, 70_000]))))
def test_what_is_written_is_split_again(written: list[tuple[int, int]]) -> None:
    packets = [(tag, b"x" * size) for tag, size in written]
    assert list(split(b"".join(packet(*one) for one in packets))) == packets


@pytest.mark.parametrize(
    ("octets", "packets"),
    [
        (in_parts(11, b"a" * 512, b"b" * 1024, b"c"), [(11, b"a" * 512 + b"b" * 1024 + b"c")]),
        (in_parts(11, b"a" * 512, b"") + packet(19, b"x"), [(11, b"a" * 512), (19, b"x")]),
        (in_parts(11, b"a" * 512, b"b" * 300) + packet(19, b"x"), [(11, b"a" * 512 + b"b" * 300), (19, b"x")]),
        (in_parts(11, b"a" * 512, b"b" * 9000), [(11, b"a" * 512 + b"b" * 9000)]),
        (b"\xa3\x01abc", [(8, b"\x01abc")]),
        (b"\x84\x01a\x85\0\x01b\x86\0\0\0\x01c", [(1, b"a"), (1, b"b"), (1, b"c")]),
    ],
    ids=["parts", "an empty last part", "a last part of two octets' length", "of five", "to the end", "old lengths"],
)
def test_every_kind_of_length_is_read(octets: bytes, packets: list[tuple[int, bytes]]) -> None:
    assert list(split(octets)) == packets


@pytest.mark.parametrize("octets", [packet(11, b"a" * 300), in_parts(11, b"a" * 512, b"b" * 300), b"\x85\0\x05hello"])
def test_a_cut_packet_is_none(octets: bytes) -> None:
    for size in range(1, len(octets)):
        with pytest.raises(LeftToGnupg):
            list(split(octets[:size]))


@given(st.binary())
def test_any_octets_are_packets_or_left_to_gpg(octets: bytes) -> None:
    try:
        found = list(split(octets))
    except LeftToGnupg:
        return
    assert sum(len(body) for _, body in found) <= len(octets)


@given(st.integers(min_value=1))
def test_a_number_comes_back(value: int) -> None:
    octets = value.to_bytes((value.bit_length() + 7) // 8)
    written = as_number(b"\0\0" + octets)
    assert number(written + b"more") == (octets, len(written))


@pytest.mark.parametrize("octets", [b"", b"\0", b"\0\0", b"\0\1", b"\0\1\0", b"\0\1\2", b"\0\x09\0\1", b"\0\x09\1"])
def test_a_number_that_is_not_as_long_as_it_says_is_none(octets: bytes) -> None:
    with pytest.raises(LeftToGnupg):
        number(octets)
