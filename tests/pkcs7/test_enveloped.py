"""PKCS7 messages are opened by the right private key alone, whatever else they are made to say."""

import random
from contextlib import suppress

import pytest

from eyamlgpg.errors import DamagedMessage, DecryptionError, NoSecretKey
from eyamlgpg.pkcs7 import der
from eyamlgpg.pkcs7.enveloped import opened
from tests.support.pkcs7 import CIPHERS, DATA, RSA, enveloped, message, oid, pair, recipient, tlv

PLAINTEXTS = [b"", b"x", b"sixteen octets!!", b"two\r\nlines\n", bytes(range(256)), b"long" * 30_000]


def open_(content: bytes, name: str = "ours") -> bytes:
    return opened(content, pair(name).key.private_numbers())


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=len)
def test_each_cipher_gives_the_exact_bytes(cipher: str, plaintext: bytes) -> None:
    """DES-EDE3 is what OpenSSL took by default when the first values were made."""
    assert open_(message(plaintext, pair(), cipher=cipher)) == plaintext


def test_one_of_several_recipients_is_enough() -> None:
    assert open_(message(b"x", pair("other"), pair())) == b"x"


def test_content_may_stand_in_pieces() -> None:
    assert open_(message(b"in pieces", pair(), pieces=True)) == b"in pieces"


def test_the_wrong_private_key_is_told_and_gives_no_garbage() -> None:
    """OpenSSL gives a random session key instead, and its certificates do not tell pairs of eyaml apart."""
    for _ in range(20):
        with pytest.raises(NoSecretKey, match="was encrypted for another key pair"):
            open_(message(b"x", pair("other")))


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_session_key_of_another_size_does_not_count(size: int) -> None:
    algorithm = tlv(0x30, oid(CIPHERS["aes-256"][0]), tlv(4, bytes(16)))
    with pytest.raises(NoSecretKey):
        open_(enveloped([recipient(bytes(size), pair())], algorithm, tlv(0x80, bytes(16))))


def test_a_cipher_that_is_not_known_is_told() -> None:
    algorithm = tlv(0x30, oid("2a864886f70d0302"), tlv(4, bytes(8)))
    with pytest.raises(DecryptionError, match="a cipher that is not known here"):
        open_(enveloped([recipient(bytes(16), pair())], algorithm, tlv(0x80, bytes(16))))


def test_a_recipient_whose_key_is_encrypted_in_another_way_does_not_count() -> None:
    algorithm = tlv(0x30, oid(CIPHERS["aes-256"][0]), tlv(4, bytes(16)))
    others = [recipient(bytes(32), pair(), "2a864886f70d010107"), tlv(0xA1, b"")]
    with pytest.raises(NoSecretKey):
        open_(enveloped(others, algorithm, tlv(0x80, bytes(16))))


@pytest.mark.parametrize(
    "vector", [tlv(4, b""), tlv(4, bytes(15)), tlv(5), b""], ids=["empty", "short", "null", "none"]
)
def test_a_vector_of_another_size_is_damage(vector: bytes) -> None:
    algorithm = tlv(0x30, oid(CIPHERS["aes-256"][0]), vector)
    with pytest.raises(DamagedMessage):
        open_(enveloped([recipient(bytes(32), pair())], algorithm, tlv(0x80, bytes(16))))


@pytest.mark.parametrize("size", [0, 1, 15, 17])
def test_content_that_is_no_whole_blocks_is_damage(size: int) -> None:
    algorithm = tlv(0x30, oid(CIPHERS["aes-256"][0]), tlv(4, bytes(16)))
    with pytest.raises(DamagedMessage):
        open_(enveloped([recipient(bytes(32), pair())], algorithm, tlv(0x80, bytes(size))))


HOSTILE = {
    "nothing": b"",
    "a text": b"hello",
    "another kind": enveloped([], tlv(0x30, oid(RSA)), tlv(0x80, b""), DATA),
    "no parts": tlv(0x30, oid("2a864886f70d010703"), tlv(0xA0, tlv(0x30))),
    "no recipients' set": tlv(0x30, oid("2a864886f70d010703"), tlv(0xA0, tlv(0x30, tlv(2, b"\0")))),
    "two messages": message(b"x", pair()) * 2,
    "a tail": message(b"x", pair()) + b"\0",
    "no definite length": b"\x30\x80" + message(b"x", pair())[4:] + b"\0\0",
    "a length beyond all": b"\x30\x84\xff\xff\xff\xff",
    "a length of many octets": b"\x30\xff" + b"\xff" * 200,
    "a long tag": b"\x1f\x81\x00\x00",
    "brackets": b"\x30\x82\xff\xff" * 10_000,
    "empty algorithm": enveloped([], tlv(0x30), tlv(0x80, b"")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_are_damaged_ones(name: str) -> None:
    with pytest.raises(DamagedMessage, match="not a whole PKCS7 message"):
        open_(HOSTILE[name])


def test_every_truncation_and_any_flipped_bit_is_an_error_or_another_text() -> None:
    """CBC has no integrity check; nothing but a DecryptionError may come of it."""
    whole = message(b"a secret of some length", pair())
    chance = random.Random(15)  # noqa: S311 - not for secrets
    for size in range(0, len(whole), 7):
        with pytest.raises(DamagedMessage):
            open_(whole[:size])
    for _ in range(150):
        broken = bytearray(whole)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        with suppress(DecryptionError):
            open_(bytes(broken))


def test_nesting_costs_nothing() -> None:
    """An element is looked into by name only."""
    deep = b""
    for _ in range(2_000):
        deep = tlv(0x30, deep)
    assert len(der.elements(deep)) == 1
    with pytest.raises(DamagedMessage):
        open_(deep)
