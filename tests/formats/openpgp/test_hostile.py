"""Messages and keys that are made to be a burden: an answer of the parsers' own, in time that grows with the size."""

import zlib
from collections.abc import Callable
from itertools import islice

import pytest

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp import certificate, content, copies, framing, packets, public_keys, revocation, sealed
from eyamlgpg.formats.openpgp.armor import dearmored
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg
from tests.support.keyrings import known
from tests.support.timing import growth

DATA = framing.packet(18, b"\x01" + bytes(40))
PARTS = list(framing.split(dearmored(known("bob").public)))
PRIMARY, USER_ID = (framing.packet(*part) for part in PARTS[:2])
[BODY, *_] = [body for tag, body in PARTS if tag == framing.SIGNATURE]
ESCAPES = b"\x1b]0;owned\x07\x1b[31m\r\n\x00"


def addressed(count: int) -> bytes:
    """A message to so many keys."""
    sessions = (b"\x03" + number.to_bytes(8) + b"\x12\x00\x00" for number in range(1, count + 1))
    return b"".join(framing.packet(1, session) for session in sessions) + DATA


def signature(number: int) -> bytes:
    """One that differs from all others, and that the key itself says to have made."""
    return framing.packet(framing.SIGNATURE, BODY[:-8] + number.to_bytes(8))


def signed(count: int) -> bytes:
    """A key with so many signatures on its one user ID, as from a key server that takes any."""
    return PRIMARY + USER_ID + b"".join(map(signature, range(count)))


def with_names(count: int) -> bytes:
    """A key with so many user IDs, a signature on each."""
    user_ids = (framing.packet(13, b"%d %b <%d@example.com>" % (number, ESCAPES, number)) for number in range(count))
    return PRIMARY + b"".join(user_id + signature(0) for user_id in user_ids)


def with_subkeys(count: int) -> bytes:
    """A key with so many subkeys."""
    body = next(body for tag, body in PARTS if tag == 14)
    subkeys = (framing.packet(14, body[:-8] + number.to_bytes(8)) for number in range(count))
    return PRIMARY + USER_ID + b"".join(subkey + signature(0) for subkey in subkeys)


def in_partial_lengths(count: int) -> bytes:
    """A message whose data comes in chunks of one byte."""
    return addressed(1)[: -len(DATA)] + b"\xd2\xe0\x01" + b"\xe0A" * count + b"\x01x"


def keys_in_a_row(count: int) -> bytes:
    """A file of so many keys."""
    return (PRIMARY + USER_ID) * count


def read(octets: bytes) -> packets.Message:
    """What a message tells, by both readers."""
    told = packets.read(octets)
    data_packet(octets, told.behind_first)
    try:
        sealed.take_apart(octets)
    except LeftToGnupg:
        return told
    return told


def rewritten(octets: bytes) -> bytes:
    """A key as `keys export` and `keys import` go through it."""
    whole = certificate.parse_one(octets)
    assert not copies.is_newer(whole, whole)
    list(copies.self_signatures(whole))
    copies.with_certifications(whole, [whole])
    return certificate.serialised(copies.canonical(whole))


def test_ten_thousand_recipients_are_read() -> None:
    told = read(addressed(10_000))
    assert (len(told.key_ids), told.key_ids[0]) == (10_000, "0000000000000001")


def test_a_key_with_a_hundred_thousand_signatures_is_read() -> None:
    [key] = certificate.parse(signed(100_000))
    assert [len(part.signatures) for part in key.user_ids] == [100_000]


def test_a_key_with_ten_thousand_names_of_escapes_is_read() -> None:
    [key] = certificate.parse(with_names(10_000))
    assert (len(key.names), key.names[7]) == (10_000, f"7 {ESCAPES.decode()} <7@example.com>")


@pytest.mark.parametrize(
    ("work", "made", "size"),
    [
        (read, addressed, 4_000),
        (sealed.take_apart, in_partial_lengths, 40_000),
        (lambda octets: list(framing.split(octets)), in_partial_lengths, 40_000),
        (certificate.parse, signed, 20_000),
        (certificate.parse, with_names, 4_000),
        (certificate.parse, with_subkeys, 4_000),
        (certificate.parse, keys_in_a_row, 2_000),
        (rewritten, signed, 2_000),
        (rewritten, with_names, 1_000),
        (rewritten, with_subkeys, 1_000),
        (public_keys.read_public_keys, with_subkeys, 4_000),
        (revocation.revocation_in, lambda count: b"".join(map(signature, range(count))), 4_000),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_twice_as_many_take_twice_as_long(
    work: Callable[[bytes], object], made: Callable[[int], bytes], size: int
) -> None:
    """The lines of a parser do not tell: to copy what came before at each packet is one line, and the square."""

    def told(octets: bytes) -> None:
        try:
            work(octets)
        except (FormatError, LeftToGnupg):
            return

    assert growth(told, made(size), made(4 * size)) < 10


def nested(depth: int) -> bytes:
    """A literal packet in so many compressed ones, which hold each other."""
    inner = framing.packet(11, b"b\x00" + bytes(4) + b"x")
    for _ in range(depth):
        inner = framing.packet(8, b"\x00" + inner)
    return inner


@pytest.mark.parametrize("depth", [2, 100, 5_000])
def test_nested_compression_is_left_to_gpg_unopened(depth: int) -> None:
    with pytest.raises(LeftToGnupg):
        content.plaintext_of(nested(depth), 1 << 20)
    with pytest.raises(FormatError, match="compressed data"):
        packets.read(nested(depth))


def test_a_bomb_in_a_bomb_is_left_to_gpg_unopened() -> None:
    bomb = framing.packet(8, b"\x02" + zlib.compress(framing.packet(11, b"b\x00" + bytes(1 << 24)), 9))
    with pytest.raises(LeftToGnupg):
        content.plaintext_of(framing.packet(8, b"\x02" + zlib.compress(bomb, 9)), 1 << 20)


VERSIONS = tuple(range(0, 256, 5))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_unknown_version_is_an_error_or_left_to_gpg(version: int) -> None:
    session = framing.packet(1, bytes([version]) + bytes(8) + b"\x12\x00\x00")
    data = framing.packet(18, bytes([version]) + bytes(40))
    for octets in (session + DATA, addressed(1)[: -len(DATA)] + data):
        for work in (packets.read, sealed.take_apart):
            try:
                work(octets)
            except (FormatError, LeftToGnupg):
                continue
    for body in (bytes([version]) + BODY[1:], bytes([version])):
        try:
            certificate.parse(PRIMARY + USER_ID + framing.packet(framing.SIGNATURE, body))
        except FormatError:
            continue
    if version not in (4, 5, 6):
        with pytest.raises(FormatError, match="version"):
            certificate.parse(framing.packet(6, bytes([version]) + PARTS[0][1][1:]))


def test_the_vectors_of_this_file_are_what_they_say() -> None:
    """Else a parser that refuses at once would pass."""
    assert [tag for tag, _ in islice(framing.split(with_subkeys(2)), 6)] == [6, 13, 14, 2, 14, 2]
    assert rewritten(with_names(3))
    assert read(addressed(3)).integrity_protected
