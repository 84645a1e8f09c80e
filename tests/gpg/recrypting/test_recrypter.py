"""Many messages in one process: in order, once each, few at a time, and whatever cannot be opened beside the rest."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eyamlgpg.errors import DamagedMessage, DecryptionError, GnupgError, NoSecretKey, WrongPassphrase
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.assuan import Unexpected
from eyamlgpg.gpg.opening.decrypter import WORKERS, GnupgDecrypter
from eyamlgpg.gpg.opening.direct import FEW, DirectDecrypter
from eyamlgpg.gpg.opening.opener import Opener
from eyamlgpg.gpg.recrypting.recrypter import Effort, GnupgRecrypter
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from eyamlgpg.model.messages import Order
from tests.support import keyrings, pinentry
from tests.support.keyrings import NewKey
from tests.support.keys import NOW
from tests.support.openers import CountingJudge

MANY = 20
PLAIN = Effort()
VERIFIED = Effort(verify=True)


class Scene:
    """One person's side, and what came of a run."""

    def __init__(self, home: Path, environ: dict[str, str], effort: Effort = PLAIN) -> None:
        session = Session(home, environ)
        self.home = home
        self.keyring = GnupgKeyring(session)
        self.judge = CountingJudge(GnupgDecrypter(session, self.keyring))
        self.decrypter = DirectDecrypter(session, self.judge)
        self.encrypter = OpenpgpEncrypter(session, self.keyring)
        self.recrypter = GnupgRecrypter(self.keyring, self.decrypter, self.encrypter, effort)

    def subkey(self, name: str, now: datetime = NOW) -> Subkey:
        key = next(key for key in tuple(self.keyring.keys()) if f"{name}@example.com" in str(key.user_ids))
        chosen = key.encryption_subkey(now)
        assert chosen
        return chosen

    def message(self, plaintext: bytes, *names: str) -> bytes:
        return self.encrypter.encrypt(plaintext, [self.subkey(name) for name in names])

    def by_gpg(self, plaintext: bytes, *options: str) -> bytes:
        return keyrings.gpg(self.home, "--trust-model=always", *options, "--encrypt", stdin=plaintext)


@pytest.fixture
def scene(home: Callable[[str], Path], environ: dict[str, str]) -> Scene:
    return Scene(home("alice"), environ)


@pytest.fixture
def verified(home: Callable[[str], Path], environ: dict[str, str]) -> Scene:
    return Scene(home("alice"), environ, VERIFIED)


def orders(scene: Scene, count: int) -> Iterator[Order]:
    both = (scene.subkey("alice"), scene.subkey("carol"))
    for number in range(count):
        yield Order(scene.message(b"secret %d" % number, "alice", "bob"), (both,))


def test_many_come_back_in_order_for_their_new_readers(scene: Scene) -> None:
    results = list(scene.recrypter.recrypt_many(orders(scene, MANY)))
    assert [result.error for result in results] == [None] * MANY
    assert len(scene.judge.given) == FEW
    opened = [scene.decrypter.decrypt(result.messages[0]) for result in results]
    assert opened == [b"secret %d" % number for number in range(MANY)]
    wanted = {scene.subkey("alice").key_id, scene.subkey("carol").key_id}
    assert all(set(packets.read(result.messages[0]).key_ids) == wanted for result in results)


def test_no_new_message_is_made_twice_from_the_same_random_numbers(scene: Scene) -> None:
    readers = (scene.subkey("alice"),)
    old = scene.message(b"x", "alice")
    made = [result.messages[0] for result in scene.recrypter.recrypt_many(Order(old, (readers,)) for _ in range(MANY))]
    assert len({message[:200] for message in made}) == MANY
    assert len({message[-40:] for message in made}) == MANY


def test_one_message_can_be_made_for_several_sets_of_readers(scene: Scene) -> None:
    alone, both = (scene.subkey("alice"),), (scene.subkey("alice"), scene.subkey("bob"))
    source = (Order(scene.message(b"%d" % number, "alice"), (alone, both)) for number in range(MANY))
    for number, result in enumerate(scene.recrypter.recrypt_many(source)):
        assert [len(packets.read(message).key_ids) for message in result.messages] == [1, 2]
        assert [scene.decrypter.decrypt(message) for message in result.messages] == [b"%d" % number] * 2


def test_what_cannot_be_opened_has_its_own_error_and_the_others_go_on(scene: Scene) -> None:
    good = list(orders(scene, MANY))
    readers = good[0].recipient_sets
    whole = good[5].message
    bad = {
        0: Order(scene.message(b"x", "bob"), readers),
        7: Order(whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:], readers),
        12: Order(b"hello", readers),
        18: Order(scene.message(b"x", "carol"), readers),
        19: Order(scene.message(b"x", "carol"), readers),
    }
    results = list(scene.recrypter.recrypt_many(bad.get(number, order) for number, order in enumerate(good)))
    errors = {number: type(result.error) for number, result in enumerate(results) if result.error}
    assert errors[0] is errors[18] is errors[19] is NoSecretKey
    assert errors[12] is DamagedMessage
    assert issubclass(errors[7], DecryptionError)
    assert set(errors) == set(bad)


def test_gpg_is_not_started_for_what_certainly_nobody_here_opens(scene: Scene) -> None:
    readers = ((scene.subkey("alice"),),)
    theirs = [Order(scene.message(b"x", "bob"), readers)] * MANY
    assert {type(result.error) for result in scene.recrypter.recrypt_many(theirs)} == {NoSecretKey}
    assert scene.judge.given == []


def test_what_is_odd_comes_in_its_place_by_gpg(scene: Scene) -> None:
    """Hidden readers, a signature, compression by bzip2: gpg opens them, and several at a time."""
    source = list(orders(scene, MANY))
    fingerprint = keyrings.known("alice").fingerprint
    odd = {
        4: scene.by_gpg(b"hidden", "--hidden-recipient", fingerprint),
        5: scene.by_gpg(b"signed", "--sign", "--recipient", fingerprint),
        6: scene.by_gpg(b"hidden", "--hidden-recipient", fingerprint),
        15: scene.by_gpg(b"folded" * 999, "--compress-algo=bzip2", "--recipient", fingerprint),
    }
    for number, message in odd.items():
        source[number] = Order(message, source[number].recipient_sets)
    results = list(scene.recrypter.recrypt_many(source))
    assert [result.error for result in results] == [None] * MANY
    opened = [scene.decrypter.decrypt(result.messages[0]) for result in results]
    assert [opened[number] for number in odd] == [b"hidden", b"signed", b"hidden", b"folded" * 999]
    assert opened[7:15] == [b"secret %d" % number for number in range(7, 15)]
    assert [message for message in scene.judge.given if message in odd.values()] == list(odd.values())


@pytest.mark.parametrize("is_odd", [False, True])
def test_orders_are_taken_as_they_are_needed(scene: Scene, *, is_odd: bool) -> None:
    """So that memory does not grow with the tree."""
    hidden = scene.by_gpg(b"x", "--hidden-recipient", keyrings.known("alice").fingerprint)
    order = Order(hidden if is_odd else scene.message(b"x", "alice"), ((scene.subkey("alice"),),))
    taken = 0

    def source() -> Iterator[Order]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield order

    results = scene.recrypter.recrypt_many(source())
    for number in range(1, 12):
        assert next(results).error is None
        assert taken <= number + 3 * WORKERS
    results.close()
    assert taken <= 12 + 3 * WORKERS
    assert list(results) == []


def test_more_may_be_done_in_sum_than_is_held_at_a_time(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.model.limits.TOGETHER", 40)
    results = list(scene.recrypter.recrypt_many(orders(scene, MANY)))
    assert [result.error for result in results] == [None] * MANY


def test_verified_means_that_each_new_message_was_opened_again(
    verified: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (verified.subkey("alice"), verified.subkey("bob")), (verified.subkey("bob"),)
    source = [
        Order(verified.message(b"%d" % number, "alice"), (theirs if number % 5 == 4 else ours,))
        for number in range(MANY)
    ]
    again: list[bytes] = []
    decrypt = verified.decrypter.decrypt

    def noted(message: bytes) -> bytes:
        again.append(message)
        return decrypt(message)

    monkeypatch.setattr(verified.decrypter, "decrypt", noted)
    results = list(verified.recrypter.recrypt_many(source))
    assert [result.error for result in results] == [None] * MANY
    assert [result.verified for result in results] == [(number % 5 != 4,) for number in range(MANY)]
    assert again == [result.messages[0] for result in results if result.verified == (True,)]


def test_of_several_copies_those_for_us_are_opened_again(verified: Scene) -> None:
    recipient_sets = ((verified.subkey("bob"),), (verified.subkey("alice"), verified.subkey("bob")))
    source = [Order(verified.message(b"%d" % number, "alice"), recipient_sets) for number in range(MANY)]
    results = list(verified.recrypter.recrypt_many(source))
    assert [(result.error, result.verified) for result in results] == [(None, (False, True))] * MANY


def test_a_new_message_that_holds_something_else_is_not_used(verified: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    source = list(orders(verified, 2))
    encrypt = verified.encrypter.encrypt
    monkeypatch.setattr(verified.encrypter, "encrypt", lambda plaintext, subkeys: encrypt(plaintext + b"!", subkeys))
    errors = [result.error for result in verified.recrypter.recrypt_many(source)]
    assert [type(error) for error in errors] == [GnupgError] * 2
    assert "does not hold what the old one did" in str(errors[0])


def extending(scene: Scene, message: bytes) -> Order:
    """Bob is to be added to a message for Alice."""
    both = (scene.subkey("alice"), scene.subkey("bob"))
    return Order(message, (both,), (both[1:],))


def test_newcomers_are_added_from_the_first_message_on(scene: Scene, home: Callable[[str], Path]) -> None:
    """The first ones are opened by gpg, which does not tell the session key; the agent does, once gpg has asked."""
    old = [scene.message(b"%d" % number, "alice") for number in range(MANY)]
    results = list(scene.recrypter.recrypt_many(extending(scene, message) for message in old))
    assert [(result.error, result.extended) for result in results] == [(None, (True,))] * MANY
    assert [data_packet(result.messages[0]) for result in results] == [data_packet(message) for message in old]
    for number, result in enumerate(results):
        assert packets.read(result.messages[0]).key_ids == (scene.subkey("alice").key_id, scene.subkey("bob").key_id)
        if number % 7 == 0:
            assert keyrings.gpg(home("bob"), "--decrypt", stdin=result.messages[0]) == b"%d" % number


def test_where_newcomers_cannot_be_added_the_message_is_made_anew(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old ciphers, armor, OCB; an agent that does not answer; keys that OpenSSL does not take."""
    fingerprint = keyrings.known("alice").fingerprint
    odd = [
        scene.by_gpg(b"odd", "--cipher-algo=TWOFISH", "--recipient", fingerprint),
        scene.by_gpg(b"odd", "--armor", "--recipient", fingerprint),
    ]
    source = [extending(scene, message) for message in [scene.message(b"odd", "alice")] * 4 + odd]
    results = list(scene.recrypter.recrypt_many(source))
    assert [result.extended for result in results] == [(True,)] * 4 + [(False,)] * 2
    monkeypatch.setattr(scene.encrypter, "extend", lambda *_: None)
    results += scene.recrypter.recrypt_many(source)
    monkeypatch.setattr("eyamlgpg.gpg.opening.direct._opener", _hang_up)
    results += Scene(scene.home, keyrings.environment()).recrypter.recrypt_many(source)
    assert [result.extended for result in results[6:]] == [(False,)] * 12
    for result, order in zip(results, source * 3, strict=True):
        assert (data_packet(result.messages[0]) == data_packet(order.message)) is result.extended[0]
        assert scene.decrypter.decrypt(result.messages[0]) == b"odd"
        assert len(packets.read(result.messages[0]).key_ids) == 2


def _hang_up(_session: Session) -> Opener:
    raise Unexpected


def test_a_damaged_message_gets_no_newcomer(scene: Scene) -> None:
    """Its session key could be handed on all the same, and with it what nobody can read."""
    whole = scene.message(b"x", "alice")
    damaged = whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:]
    results = list(scene.recrypter.recrypt_many([extending(scene, one) for one in [whole] * 5 + [damaged] * 2]))
    assert [result.error is None for result in results] == [True] * 5 + [False] * 2
    assert [result.messages for result in results[5:]] == [()] * 2


def test_an_extended_message_is_verified_like_any_other(verified: Scene) -> None:
    source = [extending(verified, verified.message(b"%d" % number, "alice")) for number in range(MANY)]
    results = list(verified.recrypter.recrypt_many(source))
    assert [(result.error, result.verified, result.extended) for result in results] == [(None, (True,), (True,))] * MANY


@pytest.mark.parametrize(("answer", "questions"), [("say right", 1), ("cancel", 1)])
def test_a_passphrase_is_asked_for_once_whatever_the_answer(
    fresh_home: Path, environ: dict[str, str], answer: str, questions: int
) -> None:
    fingerprint = keyrings.make_key(fresh_home, NewKey("Alice <alice@example.com>", passphrase="right"))
    scene = Scene(fresh_home, environ)
    readers = ((scene.subkey("alice", datetime.now(UTC)),),)
    source = [Order(scene.by_gpg(b"%d" % number, "--recipient", fingerprint), readers) for number in range(MANY)]
    asked = pinentry.install(fresh_home, answer)
    results = list(scene.recrypter.recrypt_many(source))
    failed = [type(result.error) for result in results if result.error]
    assert failed == ([] if answer == "say right" else [WrongPassphrase] * MANY)
    assert len(asked.questions) == questions


def test_no_plaintext_shows_in_a_repr_or_in_an_error(
    verified: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the process that writes files."""
    secret = secrets.token_hex(16)
    encrypt = verified.encrypter.encrypt
    order = Order(verified.message(secret.encode(), "alice"), ((verified.subkey("alice"),),))
    shown = [repr(result) for result in verified.recrypter.recrypt_many([order] * MANY)]
    monkeypatch.setattr(verified.encrypter, "encrypt", lambda plaintext, subkeys: encrypt(plaintext + b"!", subkeys))
    shown += [repr(result) + str(result.error) for result in verified.recrypter.recrypt_many([order])]
    assert secret not in "".join(shown) + caplog.text
