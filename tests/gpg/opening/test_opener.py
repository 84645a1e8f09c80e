"""Messages of gpg opened with the keys of a home by its agent: every kind of key, and nothing that was touched."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eyamlgpg.formats.openpgp.packets import OCB, SEIPD
from eyamlgpg.formats.openpgp.sealed import take_apart
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening.agent import Agent, Result, socket_of
from eyamlgpg.gpg.opening.opener import Opener
from eyamlgpg.gpg.opening.own_keys import own_keys
from eyamlgpg.gpg.session import Session
from eyamlgpg.model import limits
from tests.support import keyrings, pinentry
from tests.support import sealed_vectors as sealed
from tests.support.keyrings import NewKey
from tests.support.sealed_vectors import Sealed

if TYPE_CHECKING:
    from eyamlgpg.model.keys import KeyId

ALGORITHMS = ("rsa1024", "rsa2048", "rsa3072", "cv25519", "nistp256", "nistp384", "nistp521")


class Desk:
    """One home, its keys, and its agent, which gpg has started."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home = home
        self.session = Session(home, environ)
        self.keys = own_keys(self.session)
        path = socket_of(self.session)
        assert path is not None
        self.agent = Agent(path)
        self.opener = Opener(self.keys, self.agent)

    def open(self, message: bytes) -> bytes:
        return self.opener.open(message, self.keys.keys(), set())

    def why_not(self, message: bytes) -> Unusual | None:
        try:
            self.open(message)
        except LeftToGnupg as left:
            return left.why
        return None

    def message_to(self, fingerprint: str, plaintext: bytes = b"secret", *options: str) -> bytes:
        arguments = [*options, "--trust-model=always", "--recipient", fingerprint, "--encrypt"]
        return keyrings.gpg(self.home, *arguments, stdin=plaintext)


@pytest.fixture
def desk(home: Callable[[str], Path], environ: dict[str, str]) -> Iterator[Desk]:
    made = Desk(home("admin"), environ)
    yield made
    made.agent.close()


def new_desk(home: Path, environ: dict[str, str], algorithm: str) -> tuple[Desk, str]:
    fingerprint = keyrings.make_key(home, NewKey(subkeys=(algorithm,)))
    return Desk(home, environ), fingerprint


@pytest.mark.parametrize("one", sealed.to_be_opened(), ids=lambda one: one.name)
def test_everyday_messages_open(desk: Desk, one: Sealed) -> None:
    assert desk.open(one.message) == one.plaintext


@pytest.mark.parametrize("one", sealed.left_to_gnupg(), ids=lambda one: one.name)
def test_odd_ones_are_left_to_gpg(desk: Desk, one: Sealed) -> None:
    assert desk.why_not(one.message) == one.expect


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_each_kind_of_key_opens(fresh_home: Path, environ: dict[str, str], algorithm: str) -> None:
    """Fifty times: numbers with leading zeros, and those whose highest bit is set, are among them."""
    desk, fingerprint = new_desk(fresh_home, environ, algorithm)
    for count in range(50 if algorithm != "rsa3072" else 5):
        plaintext = b"%d" % count * count
        assert desk.open(desk.message_to(fingerprint, plaintext)) == plaintext


@pytest.mark.parametrize("algorithm", ["rsa1024", "cv25519", "nistp256"])
def test_no_bit_of_a_message_can_be_flipped(fresh_home: Path, environ: dict[str, str], algorithm: str) -> None:
    desk, fingerprint = new_desk(fresh_home, environ, algorithm)
    message = desk.message_to(fingerprint)
    accepted = []
    for place in range(len(message)):
        for bit in range(8):
            flipped = bytearray(message)
            flipped[place] ^= 1 << bit
            if desk.why_not(bytes(flipped)) is None:
                accepted.append((place, bit))
    assert accepted == []


@pytest.mark.parametrize("algorithm", ["rsa1024", "cv25519", "nistp256"])
def test_no_cut_of_a_message_opens(fresh_home: Path, environ: dict[str, str], algorithm: str) -> None:
    desk, fingerprint = new_desk(fresh_home, environ, algorithm)
    message = desk.message_to(fingerprint)
    for size in range(len(message)):
        assert desk.why_not(message[:size]) is not None
        assert desk.why_not(message[size:]) is not None or size == 0


@pytest.mark.parametrize("one", sealed.every(), ids=lambda one: one.name)
def test_the_session_key_is_told_of_what_it_opens(desk: Desk, one: Sealed) -> None:
    """Of gpg's OCB packet, which not everybody reads, and of what is left to gpg, it is not."""
    try:
        key = desk.opener.session_key(one.message, desk.keys.keys(), set())
    except LeftToGnupg:
        key = None
    if one.session_key is not None and one.expect == sealed.PLAINTEXT:
        assert key == (None if take_apart(one.message).tag == OCB else one.session_key)
    elif key is not None:
        # What is inside does not matter: a signature, text, another compression.
        assert take_apart(one.message).tag == SEIPD


def test_the_session_key_of_a_damaged_message_is_not_told(fresh_home: Path, environ: dict[str, str]) -> None:
    desk, fingerprint = new_desk(fresh_home, environ, "cv25519")
    message = desk.message_to(fingerprint)
    assert desk.opener.session_key(message, desk.keys.keys(), set()).octets
    for place in range(len(message)):
        flipped = bytearray(message)
        flipped[place] ^= 1
        with pytest.raises(LeftToGnupg):
            desk.opener.session_key(bytes(flipped), desk.keys.keys(), set())


def test_the_agent_is_asked_once_for_each_session_key_packet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.gpg.opening.opener.REMEMBERED", 2)
    asked: list[str] = []
    true = desk.agent.ecdh

    def noted(keygrip: str, point: bytes, wrapped: bytes) -> Result:
        asked.append(keygrip)
        return true(keygrip, point, wrapped)

    monkeypatch.setattr(desk.agent, "ecdh", noted)
    bob = keyrings.known("bob").fingerprint
    first, second, third = (desk.message_to(bob, b"%d" % number) for number in range(3))
    for message in (first, first, second, first, second):
        desk.open(message)
    assert len(asked) == 2
    assert [desk.open(one) for one in (third, first, second)] == [b"2", b"0", b"1"]
    assert len(asked) == 5


def test_only_keys_that_are_allowed_are_used(desk: Desk, home: Callable[[str], Path]) -> None:
    message = desk.message_to(keyrings.known("bob").fingerprint)
    with pytest.raises(LeftToGnupg) as caught:
        desk.opener.open(message, (), set())
    assert caught.value.why is Unusual.NO_KEY


def test_a_locked_key_is_not_asked_about_and_another_one_opens(fresh_home: Path, environ: dict[str, str]) -> None:
    locked = keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    free = keyrings.make_key(fresh_home, NewKey("Free <free@example.com>"))
    asked = pinentry.install(fresh_home, "say right")
    keyrings.gpg(fresh_home, "--list-secret-keys")
    desk = Desk(fresh_home, environ)
    refused: set[KeyId] = set()
    both = desk.message_to(free, b"both", "--recipient", locked)
    assert desk.opener.open(both, desk.keys.keys(), refused) == b"both"
    assert len(refused) == 1
    assert desk.why_not(desk.message_to(locked)) is Unusual.NO_KEY
    assert asked.questions == []


@pytest.mark.parametrize("more", [0, 1])
def test_more_than_is_opened_at_once_is_left_to_gpg(desk: Desk, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 1 << 16)
    message = desk.message_to(keyrings.known("bob").fingerprint, bytes((1 << 16) + more))
    assert desk.why_not(message) is (Unusual.LARGE if more else None)


def test_a_key_without_its_secret_part_is_none_of_ours(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    assert set(own_keys(Session(home("alice"), environ))) == {keyrings.known("alice").encryption_key_id}
    assert own_keys(Session(home("frank-only"), environ)) == {}


def test_an_expired_and_a_revoked_key_still_open(desk: Desk) -> None:
    for name in ("dave", "erin", "grace-old"):
        assert keyrings.known(name).encryption_key_id in desk.keys
