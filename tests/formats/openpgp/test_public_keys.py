"""Public keys out of exports: those that session keys are encrypted to here, by the fingerprints that gpg lists."""

import pytest

from eyamlgpg.formats.openpgp.armor import dearmored
from eyamlgpg.formats.openpgp.framing import packet, split
from eyamlgpg.formats.openpgp.public_keys import CURVE25519, EcdhKey, RsaKey, is_point, key_id_of, read_public_keys
from eyamlgpg.model.keys import KeyId
from tests.support import keyrings

NAMES = [name for name in keyrings.known_names() if keyrings.known(name).encryption_key_id]


@pytest.mark.parametrize("name", NAMES)
def test_the_encryption_subkey_is_found_by_its_key_id(name: str) -> None:
    known = keyrings.known(name)
    keys = {key_id_of(fingerprint): key for fingerprint, key in read_public_keys(dearmored(known.public)).items()}
    key = keys[KeyId(known.encryption_key_id)]
    if "cv25519" in known.algorithm:
        assert isinstance(key, EcdhKey)
        assert (key.curve, len(key.point)) == (CURVE25519, 33)
    else:
        assert isinstance(key, RsaKey)
        assert f"rsa{key.modulus.bit_length()}" == known.algorithm
        assert key.exponent == 65537


def test_whatever_is_changed_in_a_key_it_is_not_that_key_any_more() -> None:
    """The fingerprint is made anew of what was read."""
    bob = dearmored(keyrings.known("bob").public)
    [(fingerprint, key)] = [pair for pair in read_public_keys(bob).items() if isinstance(pair[1], EcdhKey)]
    [body] = [body for tag, body in split(bob) if tag == 14]
    for place in range(len(body)):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert fingerprint not in read_public_keys(packet(14, changed))
    assert read_public_keys(packet(14, body)) == {fingerprint: key}


@pytest.mark.parametrize(
    "exported", [b"", b"hello", packet(14, b""), packet(14, b"\4" + bytes(4) + b"\x12"), packet(14, b"\6" * 60)]
)
def test_what_makes_no_sense_is_left_out(exported: bytes) -> None:
    assert read_public_keys(exported) == {}


def test_the_bit_that_every_reader_passes_over_is_set_by_nobody() -> None:
    assert is_point(b"\x40" + bytes(31) + b"\x7f", CURVE25519)
    assert not is_point(b"\x40" + bytes(31) + b"\x80", CURVE25519)
