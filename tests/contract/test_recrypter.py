"""What `recrypt` relies on, of the fake and of both openers behind the true one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.errors import DamagedMessage, NoSecretKey
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.recrypting.recrypter import Effort, GnupgRecrypter
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from eyamlgpg.model.messages import Order
from eyamlgpg.operations.ports import Decrypter, Encrypter, Keyring, Recrypter
from tests.support import openers
from tests.support.fakes import FakeDecrypter, FakeEncrypter, FakeRecrypter
from tests.support.keys import NOW

MANY = 20


def encryption_subkey(keyring: Keyring, name: str) -> Subkey:
    key = next(key for key in tuple(keyring.keys()) if f"{name}@example.com" in str(key.user_ids))
    chosen = key.encryption_subkey(NOW)
    assert chosen is not None
    return chosen


@dataclass(frozen=True)
class World:
    """Alice's side: she can only open what is for her."""

    keyring: Keyring
    encrypter: Encrypter
    decrypter: Decrypter
    recrypter: Recrypter

    def subkey(self, name: str) -> Subkey:
        return encryption_subkey(self.keyring, name)

    def orders(self, count: int) -> Iterator[Order]:
        alone, both = (self.subkey("alice"),), (self.subkey("alice"), self.subkey("bob"))
        for number in range(count):
            recipient_sets = (both, alone) if number % 3 == 0 else (both,)
            yield Order(self.encrypter.encrypt(b"%d" % number, [self.subkey("alice")]), recipient_sets)


@pytest.fixture(params=["fake", *openers.OPENERS])
def world(request: pytest.FixtureRequest, home: Callable[[str], Path], environ: dict[str, str]) -> World:
    session = Session(home("alice"), environ)
    keyring = GnupgKeyring(session)
    if request.param in openers.OPENERS:
        encrypter, decrypter = OpenpgpEncrypter(session, keyring), openers.OPENERS[request.param](session, keyring)
        recrypter = GnupgRecrypter(keyring, decrypter, encrypter, Effort())
        return World(keyring, encrypter, decrypter, recrypter)
    fake = FakeDecrypter(frozenset({encryption_subkey(keyring, "alice").key_id}))
    return World(keyring, FakeEncrypter(), fake, FakeRecrypter(fake, FakeEncrypter()))


def test_results_come_in_order_one_message_for_each_set_of_readers(world: World) -> None:
    orders = list(world.orders(MANY))
    results = list(world.recrypter.recrypt_many(orders))
    assert [result.error for result in results] == [None] * MANY
    for number, (order, result) in enumerate(zip(orders, results, strict=True)):
        assert [world.decrypter.decrypt(message) for message in result.messages] == [b"%d" % number] * len(
            order.recipient_sets
        )
        named = [set(packets.read(message).key_ids) for message in result.messages]
        assert named == [{subkey.key_id for subkey in readers} for readers in order.recipient_sets]


def test_what_cannot_be_opened_has_an_error_and_no_message(world: World) -> None:
    orders = list(world.orders(MANY))
    theirs = world.encrypter.encrypt(b"x", [world.subkey("bob")])
    orders[3] = Order(theirs, orders[3].recipient_sets)
    orders[13] = Order(b"hello", orders[3].recipient_sets)
    results = list(world.recrypter.recrypt_many(orders))
    errors = {number: type(result.error) for number, result in enumerate(results) if result.error}
    assert errors == {3: NoSecretKey, 13: DamagedMessage}
    assert [results[number].messages for number in errors] == [(), ()]


def test_nothing_to_do_is_nothing_done(world: World) -> None:
    assert list(world.recrypter.recrypt_many(())) == []


def test_it_can_be_closed_before_its_end(world: World) -> None:
    results = world.recrypter.recrypt_many(world.orders(MANY))
    assert next(results).error is None
    results.close()
    assert list(results) == []
