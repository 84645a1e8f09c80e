"""Session keys in the form in which they are encrypted: what is not exactly that is refused, in one way."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.openpgp import session_key
from eyamlgpg.formats.openpgp.public_keys import CURVE25519, EcdhKey
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.model.keys import Fingerprint

KEY = SessionKey(session_key.AES256, bytes(range(32)))
FRAMED = session_key.framed(KEY)


def refused(read: Callable[[bytes], object], octets: bytes) -> Unusual:
    with pytest.raises(LeftToGnupg) as caught:
        read(octets)
    return caught.value.why


@pytest.mark.parametrize("cipher", session_key.KEY_SIZES)
def test_a_key_comes_back_out_of_its_frame(cipher: int) -> None:
    key = SessionKey(cipher, b"\xfe" * session_key.KEY_SIZES[cipher])
    assert session_key.unframed(session_key.framed(key)) == key


def test_a_flipped_bit_of_key_or_checksum_is_damage() -> None:
    for place in range(1, len(FRAMED)):
        for bit in range(8):
            flipped = bytearray(FRAMED)
            flipped[place] ^= 1 << bit
            assert refused(session_key.unframed, bytes(flipped)) is Unusual.DAMAGED


@pytest.mark.parametrize("framed", [b"", b"\x09", b"\x09\0", b"\x09\0\0", b"\x07" + FRAMED[1:]])
def test_a_key_of_another_size_is_damage(framed: bytes) -> None:
    assert refused(session_key.unframed, framed) is Unusual.DAMAGED


@pytest.mark.parametrize("cipher", [0, 1, 2, 3, 4, 10, 11, 12, 13, 255])
def test_other_ciphers_are_left_to_gpg(cipher: int) -> None:
    assert refused(session_key.unframed, bytes([cipher]) + FRAMED[1:]) is Unusual.OLD_CIPHER


@pytest.mark.parametrize("zero", [b"", b"\0"])
def test_rsa_padding_is_taken_off(zero: bytes) -> None:
    assert session_key.without_rsa_padding(zero + b"\2" + b"\xff" * 8 + b"\0" + FRAMED) == FRAMED
    assert session_key.without_rsa_padding(zero + b"\2" + b"\1" * 200 + b"\0" + FRAMED) == FRAMED


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\0",
        b"\2",
        b"\2" + b"\1" * 7 + b"\0x",
        b"\1" + b"\1" * 9 + b"\0x",
        b"\0\0\2" + b"\1" * 9 + b"\0",
        b"\2\1" * 9,
    ],
)
def test_any_other_padding_is_damage(block: bytes) -> None:
    assert refused(session_key.without_rsa_padding, block) is Unusual.DAMAGED


@given(st.binary(min_size=1, max_size=60), st.integers(0, 4))
def test_wrap_padding_comes_off_however_long(octets: bytes, more: int) -> None:
    padded = session_key.padded_to_wrap(octets)
    assert len(padded) % 8 == 0
    assert session_key.without_wrap_padding(padded) == octets
    size = 8 - len(octets) % 8 + 8 * more
    assert session_key.without_wrap_padding(octets + bytes([size]) * size) == octets


@pytest.mark.parametrize("octets", [b"", b"\1", b"\x08" * 8, b"abcdefg\0", b"abcd\1\2\3\3", b"abcdefg\xff"])
def test_other_wrap_padding_is_damage(octets: bytes) -> None:
    assert refused(session_key.without_wrap_padding, octets) is Unusual.DAMAGED


@pytest.mark.parametrize(
    "encrypted", [b"", b"\0\x07\x40", b"\0\x07\x40\0", b"\0\x07\x40\x02a", b"\0\x07\x40\x01ab", b"\0\x06\x40\1a"]
)
def test_other_fields_of_an_ecdh_packet_are_damage(encrypted: bytes) -> None:
    assert session_key.ecdh_fields(b"\0\x07\x40\x02ab") == (b"\x40", b"ab")
    assert refused(session_key.ecdh_fields, encrypted) is Unusual.DAMAGED


@pytest.mark.parametrize("encrypted", [b"", b"\0\x08\xff\0", b"\0\x08\x7f"])
def test_other_fields_of_an_rsa_packet_are_damage(encrypted: bytes) -> None:
    assert session_key.rsa_fields(b"\0\x08\xff") == b"\xff"
    assert refused(session_key.rsa_fields, encrypted) is Unusual.DAMAGED


def test_the_wrapping_key_depends_on_all_that_it_should() -> None:
    """The key's name and parameters are in it, so that nobody passes one reader's packet on as another's."""
    shared = bytes(32)
    key = EcdhKey(Fingerprint("A" * 40), CURVE25519, b"\x40" + bytes(32), hash=8, cipher=7)
    others = [
        EcdhKey(Fingerprint("B" * 40), CURVE25519, key.point, hash=8, cipher=7),
        EcdhKey(key.fingerprint, CURVE25519, key.point, hash=9, cipher=7),
        EcdhKey(key.fingerprint, CURVE25519, key.point, hash=8, cipher=9),
    ]
    made = session_key.wrapping_key(shared, key)
    assert len(made) == 16
    assert len({made, *(session_key.wrapping_key(shared, other)[:16] for other in others)}) == 4
