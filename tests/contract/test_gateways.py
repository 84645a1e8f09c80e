"""The same claims over the fakes of the unit tests and over real gpg, so that a fake cannot drift."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.errors import DamagedMessage, GnupgError, NoSecretKey
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from eyamlgpg.operations.ports import Decrypter, Encrypter, Keyring
from tests.support import openers
from tests.support.fakes import FakeDecrypter, FakeEncrypter, FakeKeyring
from tests.support.keys import NOW

PLAINTEXTS = [b"", b"secret", b"final newline\n", "ünï ]!".encode(), bytes(range(256)), b"x" * 100_000]


@dataclass(frozen=True)
class World:
    """Alice's side: she encrypts to herself and to Bob, and can only open what is for her."""

    keyring: Keyring
    encrypter: Encrypter
    decrypter: Decrypter

    def subkey(self, name: str) -> Subkey:
        key = next(key for key in tuple(self.keyring.keys()) if f"{name}@example.com" in str(key.user_ids))
        chosen = key.encryption_subkey(NOW)
        assert chosen is not None
        return chosen


def real(home: Path, environ: dict[str, str], opener: str) -> World:
    session = Session(home, environ)
    keyring = GnupgKeyring(session)
    return World(keyring, OpenpgpEncrypter(session, keyring), openers.OPENERS[opener](session, keyring))


@pytest.fixture(params=["fake", *openers.OPENERS])
def world(
    request: pytest.FixtureRequest,
    home: Callable[[str], Path],
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """`gpg` seals and opens by gpg alone, `direct` by the agent and this process wherever that can be."""
    if request.param == "gpg":
        monkeypatch.setattr("eyamlgpg.gpg.sealing.in_process.readers_of", lambda _exported, _subkeys: None)
    if request.param in openers.OPENERS:
        return real(home("alice"), environ, request.param)
    true = real(home("alice"), environ, "gpg")
    return World(
        FakeKeyring(tuple(true.keyring.keys())),
        FakeEncrypter(),
        FakeDecrypter(frozenset({true.subkey("alice").key_id})),
    )


def test_the_keyring_is_listed_once(world: World) -> None:
    assert world.keyring.keys() is world.keyring.keys()


@pytest.mark.parametrize("plaintext", PLAINTEXTS, ids=lambda plaintext: f"{len(plaintext)} bytes")
def test_what_is_encrypted_comes_back_byte_for_byte(world: World, plaintext: bytes) -> None:
    message = world.encrypter.encrypt(plaintext, [world.subkey("alice"), world.subkey("bob")])
    assert world.decrypter.decrypt(message) == plaintext


def test_a_message_names_exactly_its_recipients_once_each(world: World) -> None:
    alice, bob = world.subkey("alice"), world.subkey("bob")
    told = packets.read(world.encrypter.encrypt(b"x", [alice, bob, alice]))
    assert sorted(told.key_ids) == sorted([alice.key_id, bob.key_id])
    assert told.integrity_protected
    assert not told.symmetric


def test_nobody_to_encrypt_to_is_an_error(world: World) -> None:
    with pytest.raises(GnupgError, match="nobody"):
        world.encrypter.encrypt(b"x", [])


def test_a_message_for_others_is_told_from_a_damaged_one(world: World) -> None:
    with pytest.raises(NoSecretKey):
        world.decrypter.decrypt(world.encrypter.encrypt(b"x", [world.subkey("bob")]))
    for damaged in (b"", b"hello", world.encrypter.encrypt(b"x", [world.subkey("alice")])[:-5]):
        with pytest.raises(DamagedMessage):
            world.decrypter.decrypt(damaged)


def test_many_come_back_in_order_each_with_its_own_error(world: World) -> None:
    mine = [world.encrypter.encrypt(b"%d" % i, [world.subkey("alice")]) for i in range(9)]
    other = world.encrypter.encrypt(b"x", [world.subkey("bob")])
    results = list(world.decrypter.decrypt_many([*mine[:5], other, *mine[5:], b"damaged"]))
    assert [result.plaintext for result in results] == [
        b"0",
        b"1",
        b"2",
        b"3",
        b"4",
        None,
        b"5",
        b"6",
        b"7",
        b"8",
        None,
    ]
    assert [type(result.error) for result in results if result.error] == [NoSecretKey, DamagedMessage]


def test_many_are_taken_as_they_are_needed(world: World) -> None:
    """Memory stays flat: no more than a handful are under way."""
    message = world.encrypter.encrypt(b"x", [world.subkey("alice")])
    taken = 0

    def source() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(200):
            taken += 1
            yield message

    results = world.decrypter.decrypt_many(source())
    assert [next(results).plaintext for _ in range(3)] == [b"x"] * 3
    assert taken <= 20


def test_no_error_and_no_repr_holds_a_plaintext(world: World) -> None:
    message = world.encrypter.encrypt(b"geheim", [world.subkey("alice")])
    [result] = world.decrypter.decrypt_many([message])
    assert "geheim" not in repr(result)
