"""Messages of gpg opened with their session keys: what is whole, and nothing that anybody touched."""

import pytest

from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.content import plaintext_of
from eyamlgpg.formats.openpgp.sealed import take_apart
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening.data import content_of
from eyamlgpg.model import limits
from tests.support import sealed_vectors as sealed
from tests.support.sealed_vectors import Sealed


def opened(message: bytes, key: SessionKey | None) -> bytes:
    """With a key of the wrong cipher a message may be unusual for that reason, before its content is."""
    apart = take_apart(message)
    assert key is not None
    return plaintext_of(content_of(apart, key), limits.AT_ONCE)


def why_not(message: bytes, key: SessionKey | None) -> Unusual | None:
    try:
        opened(message, key)
    except LeftToGnupg as left:
        return left.why
    return None


def name(one: Sealed) -> str:
    return one.name


@pytest.mark.parametrize("one", sealed.to_be_opened(), ids=name)
def test_an_everyday_message_opens_to_what_gpg_gives(one: Sealed) -> None:
    assert opened(one.message, one.session_key) == one.plaintext


@pytest.mark.parametrize("one", [one for one in sealed.left_to_gnupg() if one.expect != Unusual.OLD_CIPHER], ids=name)
def test_an_odd_message_is_left_to_gpg_for_its_reason(one: Sealed) -> None:
    assert why_not(one.message, one.session_key) == one.expect


@pytest.mark.parametrize("one", sealed.to_be_opened(), ids=name)
def test_no_bit_of_the_data_can_be_flipped(one: Sealed) -> None:
    apart = take_apart(one.message)
    start = data_packet(one.message)
    accepted = []
    for place in range(start, len(one.message)):
        for bit in range(8):
            flipped = bytearray(one.message)
            flipped[place] ^= 1 << bit
            if why_not(bytes(flipped), one.session_key) is None:
                accepted.append((place - start, bit))
    assert accepted == [], apart.tag


@pytest.mark.parametrize("one", sealed.every(), ids=name)
def test_no_cut_is_taken_for_a_message(one: Sealed) -> None:
    accepted = [size for size in range(len(one.message)) if why_not(one.message[:size], one.session_key) is None]
    assert accepted == []


@pytest.mark.parametrize("one", sealed.to_be_opened(), ids=name)
def test_nothing_may_follow_or_be_left_out_between(one: Sealed) -> None:
    """Every octet of the data packet's body is needed, and none may come in."""
    start = data_packet(one.message)
    for more in (b"\0", b"\xd2\x01\x01", one.message):
        assert why_not(one.message + more, one.session_key) is not None
    for place in range(start, len(one.message)):
        assert why_not(one.message[:place] + one.message[place + 1 :], one.session_key) is not None


def data_packet(message: bytes) -> int:
    """Where the packet of encrypted data begins."""
    place = 0
    while True:
        tag, body, length, _ = packets.header(message, place)
        if tag in packets.ENCRYPTED_DATA:
            return place
        place = body + length


@pytest.mark.parametrize("name", ["zip", "ocb"])
def test_another_key_opens_nothing(name: str) -> None:
    [one] = [one for one in sealed.to_be_opened() if one.name == name]
    assert why_not(one.message, SessionKey(9, bytes(32))) is Unusual.DAMAGED


@pytest.mark.parametrize("name", ["repetitive", "in-parts"])
def test_more_than_the_limit_is_left_to_gpg(name: str) -> None:
    [one] = [one for one in sealed.to_be_opened() if one.name == name]
    assert one.session_key
    assert one.plaintext is not None
    content = content_of(take_apart(one.message), one.session_key)
    assert plaintext_of(content, len(one.plaintext)) == one.plaintext
    with pytest.raises(LeftToGnupg) as caught:
        plaintext_of(content, len(one.plaintext) - 1)
    assert caught.value.why is Unusual.LARGE


def test_a_session_key_shows_in_no_repr() -> None:
    assert "ff" not in repr(SessionKey(9, b"\xff" * 32))
