"""Decryption: passphrases, the agent, and messages that gpg must refuse."""

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import DamagedMessage, DecryptionError, GnupgError, NoSecretKey, WrongPassphrase
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session
from eyamlgpg.operations.ports import Decrypter
from tests.support import keyrings, openers, pinentry
from tests.support import sealed_vectors as sealed
from tests.support.fakes import fake_message
from tests.support.keyrings import NewKey


@pytest.fixture(params=openers.OPENERS, autouse=True)
def opener(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every claim here is one about both of them."""
    monkeypatch.setitem(CHOSEN, "opener", request.param)


CHOSEN = {"opener": ""}


def decrypter(home: Path, environ: dict[str, str]) -> Decrypter:
    session = Session(home, environ)
    return openers.OPENERS[CHOSEN["opener"]](session, GnupgKeyring(session))


def message_to(home: Path, fingerprint: str, plaintext: bytes = b"secret") -> bytes:
    return keyrings.gpg(home, "--trust-model=always", "--recipient", fingerprint, "--encrypt", stdin=plaintext)


@pytest.fixture
def locked(fresh_home: Path) -> tuple[Path, str]:
    """A home with one key whose passphrase is `right`."""
    return fresh_home, keyrings.make_key(fresh_home, NewKey(passphrase="right"))


def test_a_passphrase_is_asked_for_once_for_many_values(locked: tuple[Path, str], environ: dict[str, str]) -> None:
    home, fingerprint = locked
    messages = [message_to(home, fingerprint, b"%d" % i) for i in range(12)]
    asked = pinentry.install(home, "say right")
    results = list(decrypter(home, environ).decrypt_many(messages))
    assert [result.value() for result in results] == [b"%d" % i for i in range(12)]
    assert len(asked.questions) == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("say wrong", "the passphrase was wrong"), ("cancel", "the passphrase was not given")],
)
def test_a_refused_passphrase_is_not_asked_for_again(
    locked: tuple[Path, str], environ: dict[str, str], answer: str, sentence: str
) -> None:
    """gpg-agent itself asks three times for a wrong one; five thousand values must not ask on."""
    home, fingerprint = locked
    message = message_to(home, fingerprint)
    asked = pinentry.install(home, answer)
    results = list(decrypter(home, environ).decrypt_many([message] * 12))
    assert {type(result.error) for result in results} == {WrongPassphrase}
    assert {str(result.error) for result in results} == {sentence}
    assert len(asked.questions) <= 3


def test_a_passphrase_that_is_first_needed_late_is_asked_for_once_too(
    locked: tuple[Path, str], environ: dict[str, str]
) -> None:
    """The first value of all may need none; then three gpg processes at once would ask three times."""
    home, fingerprint = locked
    free = keyrings.make_key(home, NewKey("Free <free@example.com>"))
    messages = [message_to(home, free, b"free"), *(message_to(home, fingerprint, b"%d" % i) for i in range(8))]
    asked = pinentry.install(home, "cancel")
    results = list(decrypter(home, environ).decrypt_many(messages))
    assert [type(result.error) for result in results] == [type(None)] + [WrongPassphrase] * 8
    assert len(asked.questions) == 1


def test_a_refused_key_does_not_stand_before_another_that_opens_the_message(
    locked: tuple[Path, str], environ: dict[str, str]
) -> None:
    home, fingerprint = locked
    free = keyrings.make_key(home, NewKey("Free <free@example.com>"))
    alone = message_to(home, fingerprint)
    both = keyrings.gpg(home, "--trust-model=always", "-r", fingerprint, "-r", free, "--encrypt", stdin=b"both")
    asked = pinentry.install(home, "cancel")
    results = list(decrypter(home, environ).decrypt_many([alone, both, alone, both]))
    assert [result.plaintext for result in results] == [None, b"both", None, b"both"]
    assert len(asked.questions) == 1


@pytest.mark.parametrize("bit", [0, 1], ids=["whole", "damaged"])
def test_a_refused_passphrase_of_a_message_is_not_one_of_its_readers_keys(
    home_copy: Callable[[str], Path], environ: dict[str, str], bit: int
) -> None:
    """Bob's others open as ever; gpg 2.4 asks for a message's passphrase even where his key opens it."""
    home = home_copy("bob")
    [message] = [bytearray(one.message) for one in sealed.every() if one.name == "reader-and-passphrase"]
    message[80] ^= bit
    pinentry.install_program(home, home / "no-such-pinentry")
    whole = message_to(home, keyrings.known("bob").fingerprint)
    results = list(decrypter(home, environ).decrypt_many([bytes(message), whole, whole]))
    assert [result.plaintext for result in results[1:]] == [b"secret", b"secret"]


@pytest.mark.parametrize(("deep", "sentence"), [("", "could not be started"), ("d" * 120, "too long for a socket")])
def test_an_agent_that_cannot_start_is_not_taken_for_a_missing_key(
    home: Callable[[str], Path], environ: dict[str, str], tmp_path: Path, deep: str, sentence: str
) -> None:
    """gpg says "No secret key" then; 107 bytes hold a socket's path, where it does not stand under /run/user."""
    message = message_to(home("pm-prod"), keyrings.known("puppetmaster-prod").fingerprint)
    own = keyrings.copy(home("pm-prod"), tmp_path / f"h{deep}")
    (own / "gpg.conf").write_text("agent-program /nonexistent/gpg-agent\n")
    if not homedir.socket_is_too_long(own):
        sentence = "could not be started or reached"
    with pytest.raises(DecryptionError, match=sentence) as caught:
        decrypter(own, environ).decrypt(message)
    assert type(caught.value) is DecryptionError


def test_an_interrupted_run_leaves_no_gpg_behind(locked: tuple[Path, str], environ: dict[str, str]) -> None:
    """The signal of a `kill` reaches us alone; gpg would wait for its pinentry until somebody answers it."""
    home, fingerprint = locked
    (home / "message").write_bytes(message_to(home, fingerprint))
    program = home / "patient"
    program.write_text(f"#!/bin/sh\ntouch '{home}/asking'\nexec sleep 30\n")
    program.chmod(0o700)
    pinentry.install_program(home, program)
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED, home], env=environ, stdout=subprocess.PIPE) as run:
        deadline = time.monotonic() + 20
        while not (home / "asking").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        assert run.communicate(timeout=15)[0] == b"interrupted, no child left\n"


INTERRUPTED = textwrap.dedent("""\
    import os, sys
    from pathlib import Path
    from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
    from eyamlgpg.gpg.session import Session

    home = Path(sys.argv[1])
    try:
        GnupgDecrypter(Session(home, os.environ)).decrypt((home / "message").read_bytes())
    except KeyboardInterrupt:
        try:
            left = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            left = "no child left"
        print("interrupted,", left)
    """)
"""Opens a message, and says after Ctrl-C whether a child of its own is still there."""


def test_without_a_pinentry_the_error_says_what_to_do(locked: tuple[Path, str], environ: dict[str, str]) -> None:
    home, fingerprint = locked
    message = message_to(home, fingerprint)
    pinentry.install_program(home, home / "no-such-pinentry")
    with pytest.raises(WrongPassphrase, match="could not be asked for") as caught:
        decrypter(home, environ).decrypt(message)
    assert any("GPG_TTY" in hint for hint in caught.value.hints)


def test_the_pinentry_is_told_of_the_terminal(locked: tuple[Path, str], environ: dict[str, str]) -> None:
    home, fingerprint = locked
    message = message_to(home, fingerprint)
    asked = pinentry.install(home, "say right")
    assert decrypter(home, environ | {"GPG_TTY": "/dev/pts/99"}).decrypt(message) == b"secret"
    assert "ttyname=/dev/pts/99" in asked.options


def test_who_can_read_a_message_for_others_is_named(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    message = message_to(home("alice"), keyrings.known("carol").fingerprint)
    with pytest.raises(NoSecretKey, match="it is encrypted to Carol Chen <carol@example.com>"):
        decrypter(home("alice"), environ).decrypt(message)
    with pytest.raises(NoSecretKey, match="the unknown key " + keyrings.known("carol").encryption_key_id):
        decrypter(home("pm-dev"), environ).decrypt(message)


def test_hidden_recipients_can_still_read(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    alice = keyrings.known("alice").fingerprint
    message = keyrings.gpg(
        home("alice"), "--trust-model=always", "--hidden-recipient", alice, "--encrypt", stdin=b"secret"
    )
    assert decrypter(home("alice"), environ).decrypt(message) == b"secret"


def test_an_expired_key_still_decrypts(fresh_home: Path, environ: dict[str, str]) -> None:
    from datetime import UTC, datetime

    then = datetime(2020, 1, 1, tzinfo=UTC)
    fingerprint = keyrings.make_key(fresh_home, NewKey(at=then, expires="1y"))
    message = keyrings.gpg(fresh_home, "--trust-model=always", "-r", fingerprint, "-e", stdin=b"old", at=then)
    assert decrypter(fresh_home, environ).decrypt(message) == b"old"


def test_a_flipped_bit_is_damage_not_a_plaintext(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    message = bytearray(message_to(home("alice"), keyrings.known("alice").fingerprint))
    message[-4] ^= 1
    with pytest.raises(DamagedMessage):
        decrypter(home("alice"), environ).decrypt(bytes(message))


def test_data_that_was_never_encrypted_is_refused(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    literal = keyrings.gpg(home("alice"), "--store", stdin=b"clear")
    with pytest.raises(DamagedMessage):
        decrypter(home("alice"), environ).decrypt(literal)


def test_a_message_without_integrity_protection_is_refused(
    home: Callable[[str], Path], environ: dict[str, str]
) -> None:
    """The old kind of packet, tag 9, which anybody can change unnoticed; gpg 2.2 makes none any more."""
    protected = fake_message(b"x", [keyrings.known("alice").encryption_key_id])
    old = protected.replace(bytes([0xC0 | 18, 0xFF]), bytes([0xC0 | 9, 0xFF]))
    with pytest.raises(DamagedMessage, match="without integrity protection"):
        decrypter(home("alice"), environ).decrypt(old)


def test_a_missing_gpg_is_said(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    message = message_to(home("alice"), keyrings.known("alice").fingerprint)
    with pytest.raises(GnupgError, match="gpg was not found on PATH"):
        decrypter(home("alice"), environ | {"PATH": "/nonexistent"}).decrypt(message)


def test_plaintext_never_reaches_a_log(
    home: Callable[[str], Path], environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    message = message_to(home("alice"), keyrings.known("alice").fingerprint, b"geheim")
    with caplog.at_level("DEBUG"):
        assert decrypter(home("alice"), environ).decrypt(message) == b"geheim"
    assert "geheim" not in caplog.text
