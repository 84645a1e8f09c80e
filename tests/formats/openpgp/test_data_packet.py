"""What of a message stays when its readers change."""

import pytest

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from tests.support.messages import message

ONE, TWO = "0123456789ABCDEF", "89ABCDEF01234567"
MARKER = b"\xca\x03PGP"


def test_readers_a_passphrase_and_padding_are_no_part_of_it() -> None:
    alone = data_packet(message(ONE))
    assert alone == message(ONE)[-len(alone) :]
    assert alone[0] == 0xC0 | 18
    assert data_packet(message(TWO, ONE)) == alone
    assert data_packet(message(TWO, passphrase=True)) == alone
    assert data_packet(MARKER + message(ONE)) == alone
    assert data_packet(message(ONE, protected=False)) != alone


@pytest.mark.parametrize(
    "whole",
    [
        message(ONE),
        message(TWO, ONE),
        message(TWO, passphrase=True),
        MARKER + message(ONE),
        message(ONE)[: -len(data_packet(message(ONE)))] + MARKER + message(TWO, protected=False),
    ],
    ids=["one reader", "two", "a passphrase", "a marker first", "a marker between"],
)
def test_it_is_the_same_from_where_the_first_session_keys_end(whole: bytes) -> None:
    assert data_packet(whole, packets.read(whole).behind_first) == data_packet(whole)


def test_a_packet_of_the_old_format_is_passed_like_one_of_the_new() -> None:
    new = message(ONE)
    body = new[2 : 2 + new[1]]
    assert data_packet(bytes([0x84, len(body)]) + new[1 + 1 :]) == data_packet(new)


@pytest.mark.parametrize("cut", [b"", b"\x84", message(ONE)[:20], b"\xc1\xe1" + bytes(10)])
def test_a_message_that_ends_before_it_is_refused(cut: bytes) -> None:
    with pytest.raises(FormatError):
        data_packet(cut)


def test_an_armored_message_is_taken_as_it_is() -> None:
    armored = b"-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n"
    assert data_packet(armored) == armored
