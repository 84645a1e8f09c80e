"""What a message tells without a key, held against gpg's own messages and against Sequoia's parser."""

import base64
import zlib

import pysequoia.packet as sequoia
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.openpgp import leading_key_ids
from eyamlgpg.formats.openpgp.packets import Message, looks_like_openpgp, read
from eyamlgpg.model.keys import KeyId
from tests.support.sealed import addressed, sealed
from tests.support.timing import seconds
from tests.support.vectors import Vector, vectors

VECTORS = vectors("packets")
MESSAGES = {vector.name: base64.b64decode(vector.content) for vector in VECTORS}
WHOLE = {vector.name for vector in VECTORS if vector.all("expect") == ["message"]}
NOT_OPENPGP = {"empty", "pkcs7", "armored-public-key", "literal", "compressed", "signature", "public-key"}
UNKNOWN_START = {"session-key-of-version-9", "unknown-packet"}


def told(message: bytes) -> list[tuple[str, str]]:
    """What `read` gives, in the words of the vectors."""
    try:
        answer = read(message)
    except FormatError as error:
        return [("expect", "error"), ("error", error.sentence)]
    flags = {True: "yes", False: "no"}
    return [
        ("expect", "message"),
        *(("key-id", key_id) for key_id in answer.key_ids),
        ("integrity-protected", flags[answer.integrity_protected]),
        ("symmetric", flags[answer.symmetric]),
    ]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_message_tells_what_the_vector_says(vector: Vector) -> None:
    assert told(MESSAGES[vector.name]) == list(vector.expected)


@pytest.mark.parametrize("name", MESSAGES)
def test_only_encrypted_messages_look_like_openpgp(name: str) -> None:
    assert looks_like_openpgp(MESSAGES[name]) == (name not in NOT_OPENPGP | UNKNOWN_START)


def test_a_message_that_is_cut_short_still_looks_like_openpgp() -> None:
    whole = MESSAGES["two-recipients"]
    assert [looks_like_openpgp(whole[:length]) for length in range(8)] == [False] * 4 + [True] * 4


@pytest.mark.parametrize(
    "prose", ["here is the text", "the docs", "password", "pass word", "hunter2", "see above", "yQ=="]
)
def test_prose_that_is_base64_does_not_look_like_openpgp(prose: str) -> None:
    assert not looks_like_openpgp(Token(0, 0, None, prose).message())


@pytest.mark.parametrize("name", sorted(WHOLE - {"length-unknown"}))
def test_every_beginning_of_a_message_is_an_error(name: str) -> None:
    """Where the length is told, a part that is missing is missed; of armor, the line end behind it is not."""
    message = MESSAGES[name]
    for length in (*range(min(len(message) - 2, 700)), len(message) - 3):
        with pytest.raises(FormatError):
            read(message[:length])


def session_key_ids(message: bytes) -> list[str]:
    """What Sequoia's parser finds in the bodies of the session key packets, all of versions before 6."""
    packets = [packet for packet in sequoia.PacketPile.from_bytes(message) if packet.tag == sequoia.Tag.PKESK]
    return [packet.body[1:9].hex().upper() for packet in packets]


@pytest.mark.parametrize("name", sorted(WHOLE - {"session-keys-version-6"}))
def test_sequoia_finds_the_same_key_ids(name: str) -> None:
    assert list(read(MESSAGES[name]).key_ids) == session_key_ids(MESSAGES[name])


def header(tag: int, length: int, form: str) -> bytes:
    """A packet's header in each of the forms of RFC 9580, 4.2, that can tell the length."""
    old = bytes([0x80 | tag << 2])
    match form:
        case "old, 1 octet":
            return bytes([old[0], length])
        case "old, 2 octets":
            return bytes([old[0] | 1]) + length.to_bytes(2)
        case "old, 4 octets":
            return bytes([old[0] | 2]) + length.to_bytes(4)
        case "1 octet":
            return bytes([0xC0 | tag, length])
        case "2 octets":
            return bytes([0xC0 | tag, (length - 192 >> 8) + 192, length - 192 & 0xFF])
    return bytes([0xC0 | tag, 0xFF]) + length.to_bytes(4)


FORMS = {
    "old, 1 octet": (12, 255),
    "old, 2 octets": (12, 70_000),
    "old, 4 octets": (12, 70_000),
    "1 octet": (12, 191),
    "2 octets": (192, 8383),
    "5 octets": (12, 70_000),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("end", [0, 1], ids=["shortest", "longest"])
def test_every_form_of_a_header_is_read(form: str, end: int) -> None:
    length = min(FORMS[form][end], 65_535) if form == "old, 2 octets" else FORMS[form][end]
    session_key = header(1, length, form) + b"\3" + bytes(range(8)) + bytes(length - 9)
    message = session_key + b"\xd2\x02\x01x"
    assert read(message) == Message((KeyId("0001020304050607"),), integrity_protected=True, symmetric=False)
    with pytest.raises(FormatError):
        read(session_key)


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(set(MESSAGES) - {"session-keys-version-6"})),
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=4),
    st.integers(-5, 0),
)
def test_a_damaged_message_gives_what_sequoia_sees_or_an_error(
    name: str, changes: list[tuple[int, int]], cut: int
) -> None:
    message = bytearray(MESSAGES[name])
    for place, octet in changes:
        if place < len(message):
            message[place] = octet
    damaged = bytes(message[: len(message) + cut])
    if told(damaged)[0] == ("expect", "error"):
        return
    try:
        theirs = session_key_ids(damaged)
    except RuntimeError:
        # Sequoia looks into the encrypted session keys too, and refuses what only their owner would miss.
        return
    assert list(read(damaged).key_ids) == theirs


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_message_met_before_does_not_change_what_is_read_of_one_like_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The layout of the last one is remembered; no octet of its headers and key IDs can differ unnoticed."""
    message = MESSAGES[name]
    for place in range(min(len(message), 400)):
        for changed in (message[:place], message[:place] + bytes([message[place] ^ 1]) + message[place + 1 :]):
            monkeypatch.setattr(leading_key_ids, "_layouts", {})
            alone = told(changed)
            read(message)
            assert told(changed) == alone


def test_a_layout_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages to the same readers differ in their session keys alone."""
    readers = [f"{number:016X}" for number in range(1, 61)]
    first, second = (addressed(sealed(b"x", number), readers, size=40) for number in (1, 2))
    monkeypatch.setattr(leading_key_ids, "_layouts", {})
    read(first)
    monkeypatch.setattr(leading_key_ids, "_named", None)  # who reads key IDs asks it
    assert list(read(second).key_ids) == readers


@settings(max_examples=1000)
@given(st.one_of(st.binary(max_size=80), st.binary(max_size=80).map(lambda rest: b"\xc1\x0c\3" + b"k" * 11 + rest)))
def test_any_bytes_give_a_message_or_a_format_error(content: bytes) -> None:
    answer = told(content)
    other_starts = {0xA4, 0xA5, 0xA6, 0xA7, 0xC9, 0xA8, 0xA9, 0xAA, 0xAB, 0xCA, 0xD5}  # tag 9, marker, padding
    assert answer[0] == ("expect", "error") or looks_like_openpgp(content) or content[0] in other_starts


@pytest.mark.parametrize("body", [b"", b"pgp", b"Kirschkuchen9"])
def test_a_marker_that_says_anything_but_pgp_is_an_error_as_for_gpg(body: bytes) -> None:
    whole = MESSAGES["two-recipients"]
    assert read(b"\xca\x03PGP" + whole) == read(whole)
    with pytest.raises(FormatError, match="a marker that does not say PGP"):
        read(b"\xca" + bytes([len(body)]) + body + whole)


def test_nothing_is_decompressed() -> None:
    """Sequoia's parser would make a gigabyte of such a message."""
    packed = b"\2" + zlib.compress(bytes(100_000_000))
    session_key = b"\xc1\x0c\3" + b"k" * 11
    message = session_key + header(8, len(packed), "5 octets") + packed
    assert told(message) == [("expect", "error"), ("error", "not an encrypted OpenPGP message, but compressed data")]


def test_sixty_recipients_are_read_as_fast_as_by_sequoia() -> None:
    message = (header(1, 396, "2 octets") + b"\3recipien" + bytes(387)) * 60 + b"\xd2\x02\x01x"
    assert read(message).key_ids == (KeyId(b"recipien".hex().upper()),) * 60
    assert seconds(lambda: read(message), times=100) < 0.1


def test_a_large_message_takes_no_longer_than_a_small_one() -> None:
    part = b"\xed" + bytes(8192)  # gpg's own size of parts
    start = MESSAGES["two-recipients"][:495] + b"\xd2"
    in_parts = start + b"\xed\1" + bytes(8191) + part * 1200 + b"\x01x"
    at_once = start + b"\xff" + (10_000_000).to_bytes(4) + b"\1" + bytes(9_999_999)
    assert seconds(lambda: read(in_parts)) < 0.05
    assert seconds(lambda: read(at_once), times=100) < 0.05
