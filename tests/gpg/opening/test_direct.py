"""When gpg opens and when the agent is asked, and that nobody notices but by the time."""

import subprocess
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eyamlgpg.errors import NoSecretKey, OversizedPlaintext
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening import direct
from eyamlgpg.gpg.opening.assuan import Unexpected
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import FEW, HANG_UPS, DirectDecrypter
from eyamlgpg.gpg.opening.opener import Opener
from eyamlgpg.gpg.session import Session
from eyamlgpg.model import limits
from eyamlgpg.model.messages import Decrypted
from tests.support import agents, keyrings, pinentry
from tests.support.keyrings import NewKey
from tests.support.openers import CountingJudge


@dataclass
class Desk:
    """A home, its decrypter, and what gpg was given."""

    home: Path
    environ: dict[str, str]
    judge: CountingJudge = field(init=False)
    decrypter: DirectDecrypter = field(init=False)

    def __post_init__(self) -> None:
        session = Session(self.home, self.environ)
        self.judge = CountingJudge(GnupgDecrypter(session, GnupgKeyring(session)))
        self.decrypter = DirectDecrypter(session, self.judge)

    def messages(self, *fingerprints: str, count: int = 12, options: Iterable[str] = ()) -> list[bytes]:
        recipients = [word for fingerprint in fingerprints for word in ("--recipient", fingerprint)]
        arguments = ["--trust-model=always", *options, *recipients, "--encrypt"]
        return [keyrings.gpg(self.home, *arguments, stdin=b"%d" % number) for number in range(count)]

    def opened(self, messages: Iterable[bytes]) -> list[bytes | None]:
        return [result.plaintext for result in self.decrypter.decrypt_many(messages)]


def numbers(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


@pytest.fixture
def bob(home: Callable[[str], Path], environ: dict[str, str]) -> Desk:
    return Desk(home("bob"), environ)


BOB = keyrings.known("bob").fingerprint
ALICE = keyrings.known("alice").fingerprint


def test_gpg_opens_the_first_few_and_the_agent_the_rest(bob: Desk) -> None:
    messages = bob.messages(BOB)
    assert bob.opened(messages) == numbers(12)
    assert bob.judge.given == messages[:FEW]
    assert bob.opened(messages) == numbers(12)
    assert bob.judge.given == messages[:FEW]


def test_odd_messages_and_those_of_others_come_in_their_places(bob: Desk) -> None:
    mine, signed = bob.messages(BOB), bob.messages(BOB, options=["--sign"], count=2)
    theirs = bob.messages(ALICE, count=1)
    mixed = [*mine[:5], signed[0], mine[5], *theirs, b"hello", *mine[6:], signed[1]]
    results = list(bob.decrypter.decrypt_many(mixed))
    expected = [*numbers(5), b"0", b"5", None, None, *numbers(12)[6:], b"1"]
    assert [result.plaintext for result in results] == expected
    assert bob.judge.given == [*mine[:FEW], signed[0], *theirs, b"hello", signed[1]]


def test_one_session_of_the_agent_is_enough_for_a_run(bob: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Session] = []
    true = direct._opener

    def noted(session: Session) -> Opener:
        made.append(session)
        return true(session)

    monkeypatch.setattr(direct, "_opener", noted)
    messages = bob.messages(BOB)
    for message in messages:
        bob.decrypter.decrypt(message)
    assert bob.opened(messages) == numbers(12)
    assert len(made) == 1


def test_gpg_is_asked_first_for_each_further_key(fresh_home: Path, environ: dict[str, str]) -> None:
    """So that a passphrase is asked for as people know it, once for each key."""
    free = keyrings.make_key(fresh_home, NewKey("Free <free@example.com>"))
    locked = keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    desk = Desk(fresh_home, environ)
    first, second = desk.messages(free), desk.messages(locked)
    asked = pinentry.install(fresh_home, "say right")
    assert desk.opened([*first, *second, *first]) == numbers(12) * 3
    assert desk.judge.given == [*first[:FEW], second[0]]
    assert len(asked.questions) == 1


def test_a_passphrase_that_the_agent_forgot_is_asked_for_again_by_gpg(
    fresh_home: Path, environ: dict[str, str]
) -> None:
    locked = keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    desk = Desk(fresh_home, environ)
    messages = desk.messages(locked)
    asked = pinentry.install(fresh_home, "say right")
    assert desk.opened(messages[:6]) == numbers(6)
    subprocess.run(
        ["gpg-connect-agent", "--homedir", str(fresh_home), "RELOADAGENT", "/bye"], check=True, capture_output=True
    )
    assert desk.opened(messages) == numbers(12)
    assert len(asked.questions) == 2
    assert desk.judge.given == [*messages[:FEW], messages[0]]


def test_an_agent_that_was_killed_is_started_again_by_gpg(bob: Desk) -> None:
    messages = bob.messages(BOB)
    assert bob.opened(messages[:6]) == numbers(6)
    keyrings.stop(bob.home)
    assert bob.opened(messages) == numbers(12)
    assert bob.judge.given == [*messages[:FEW], messages[0]]


def test_an_agent_that_always_hangs_up_is_left_alone(bob: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def hang_up(session: Session) -> None:
        asked.append(session)
        raise Unexpected

    monkeypatch.setattr(direct, "_opener", hang_up)
    assert bob.opened(bob.messages(BOB)) == numbers(12)
    assert len(asked) == HANG_UPS


@pytest.mark.parametrize("said", [b"ERR 67109115 Forbidden <GPG Agent>\n", b"OK\n", b"", b"hello\n"])
def test_a_strange_socket_leaves_all_to_gpg(bob: Desk, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    """A forwarded agent's is restricted."""
    messages = bob.messages(BOB)
    with agents.saying(b"OK hello\n", said) as (path, _):
        monkeypatch.setattr("eyamlgpg.gpg.opening.agent.socket_of", lambda _session: path)
        assert bob.opened(messages) == numbers(12)
    assert bob.judge.given == messages


def test_without_gpgconf_all_is_left_to_gpg(bob: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.gpg.opening.agent.socket_of", lambda _session: None)
    messages = bob.messages(BOB)
    assert bob.opened(messages) == numbers(12)
    assert bob.judge.given == messages


def test_all_plaintexts_together_are_bounded(bob: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TOGETHER", 8)
    results = list(bob.decrypter.decrypt_many(bob.messages(BOB)))
    assert [result.plaintext for result in results] == [*numbers(8), *[None] * 4]
    assert {type(result.error) for result in results[8:]} == {OversizedPlaintext}


def test_no_more_is_taken_than_is_needed(bob: Desk) -> None:
    taken: list[bytes] = []

    def source(messages: list[bytes]) -> Iterator[bytes]:
        for message in messages:
            taken.append(message)
            yield message

    results = bob.decrypter.decrypt_many(source(bob.messages(BOB)))
    for count in range(1, 10):
        assert next(results).plaintext == b"%d" % (count - 1)
        assert len(taken) <= count + 1
    assert isinstance(results, Generator)
    results.close()


def test_a_message_for_nobody_here_is_told_as_gpg_tells_it(bob: Desk) -> None:
    [theirs] = bob.messages(ALICE, count=1)
    assert isinstance(bob.decrypter.foreign(theirs), NoSecretKey)
    assert bob.decrypter.foreign(bob.messages(BOB, count=1)[0]) is None


def test_nothing_secret_is_in_a_repr(bob: Desk) -> None:
    results = list(bob.decrypter.decrypt_many(bob.messages(BOB)))
    assert repr(results[-1]) == repr(Decrypted(b"other"))
