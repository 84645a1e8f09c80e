"""A secret key that is here and cannot be used: gpg's own words, and never that there is none."""

import os
import pwd
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import BrokenOff, DecryptionError, NoSecretKey, OversizedPlaintext, WrongPassphrase
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening import engine
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import DirectDecrypter
from eyamlgpg.gpg.session import Session
from tests.support import keyrings, pinentry
from tests.support.keyrings import NewKey

HELD = "the secret key of Zoe <zoe@example.com> is here, but gpg could not use it: "


class Locked:
    """A home with Zoe's key, whose passphrase is `right`, and a message to it."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home = home
        self.environ = environ
        self.fingerprint = keyrings.make_key(home, NewKey("Zoe <zoe@example.com>", passphrase="right"))
        self.message = self.sealed()
        self.pinentry = pinentry.install(home, "say right")

    def sealed(self) -> bytes:
        """One more message to the key."""
        return keyrings.gpg(self.home, "--trust-model=always", "-r", self.fingerprint, "--encrypt", stdin=b"secret")

    def decrypter(self) -> GnupgDecrypter:
        session = Session(self.home, self.environ)
        return GnupgDecrypter(session, GnupgKeyring(session))

    def refused(self) -> DecryptionError:
        with pytest.raises(DecryptionError) as caught:
            self.decrypter().decrypt(self.message)
        return caught.value

    def gpg_that(self, script: str) -> None:
        """Put a program before gpg on PATH that does this before it becomes gpg."""
        folder = self.home / "bin"
        folder.mkdir()
        program = folder / "gpg"
        program.write_text(f'#!/bin/sh\n{script}\nexec /usr/bin/gpg "$@"\n')
        program.chmod(0o700)
        self.environ |= {"PATH": f"{folder}:{self.environ['PATH']}"}


@pytest.fixture
def locked(fresh_home: Path, environ: dict[str, str]) -> Locked:
    return Locked(fresh_home, environ)


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        ("fail 83886381 Screen", WrongPassphrase, "could not be asked for: the terminal is too small for pinentry"),
        ("fail 67108983 No", DecryptionError, HELD + "No SmartCard daemon"),
        ("fail 83918849 Permission", DecryptionError, HELD + "Permission denied"),
    ],
)
def test_what_keeps_pinentry_from_asking_is_told(
    locked: Locked, answer: str, kind: type[DecryptionError], sentence: str
) -> None:
    locked.pinentry.answer(answer)
    error = locked.refused()
    assert type(error) is kind
    assert sentence in str(error)
    assert error.hints


def test_a_terminal_of_somebody_else_is_named(locked: Locked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After `su - zoe` the terminal is still root's, and Zoe's pinentry may not open it."""
    terminal = tmp_path / "terminal"
    terminal.touch()
    owner = terminal.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    locked.environ["GPG_TTY"] = str(terminal)
    locked.pinentry.answer("fail 83918849 Permission")
    error = locked.refused()
    assert isinstance(error, WrongPassphrase)
    assert str(error).endswith(f"pinentry may not use {terminal}, which belongs to {pwd.getpwuid(owner).pw_name}")
    assert "script -q /dev/null" in error.hints[0]


def test_a_damaged_private_key_is_not_a_missing_one(locked: Locked) -> None:
    keyrings.stop(locked.home)
    for file in (locked.home / "private-keys-v1.d").iterdir():
        file.write_text("garbage")
    error = locked.refused()
    assert "is here, but gpg could not use it: Invalid value" in str(error)


def test_the_words_for_it_come_through_the_direct_opener_too(locked: Locked) -> None:
    """It has used the key before, and leaves what fails to gpg."""
    decrypter = DirectDecrypter(Session(locked.home, locked.environ), locked.decrypter(), after=1)
    assert [decrypter.decrypt(locked.message) for _ in range(3)] == [b"secret"] * 3
    locked.message = locked.sealed()  # of the one before, the session key is known by now
    keyrings.stop(locked.home)
    for file in (locked.home / "private-keys-v1.d").iterdir():
        file.write_text("garbage")
    words = str(locked.refused())
    with pytest.raises(DecryptionError) as alone:
        decrypter.decrypt(locked.message)
    [among] = decrypter.decrypt_many([locked.message])
    assert (str(alone.value), str(among.error)) == (words, words)
    assert "is here, but gpg could not use it: Invalid value" in words


def test_an_agent_that_must_not_be_started_is_told(locked: Locked) -> None:
    keyrings.stop(locked.home)
    (locked.home / "gpg.conf").write_text("no-autostart\n")
    error = locked.refused()
    assert "`no-autostart` keeps gpg from starting it" in str(error)
    assert error.hints == (f"start it: gpg-agent --homedir '{locked.home}' --daemon",)


def test_loopback_in_gpg_conf_leaves_the_question_to_pinentry(locked: Locked) -> None:
    """The usual advice for "Inappropriate ioctl for device", with which gpg would ask on a terminal of its own."""
    (locked.home / "gpg.conf").write_text("pinentry-mode loopback\n")
    assert locked.decrypter().decrypt(locked.message) == b"secret"
    assert len(locked.pinentry.questions) == 1


def test_loopback_with_a_passphrase_file_needs_no_pinentry(locked: Locked) -> None:
    (locked.home / "passphrase").write_text("right\n")
    (locked.home / "gpg.conf").write_text(f"pinentry-mode loopback\npassphrase-file {locked.home}/passphrase\n")
    assert locked.decrypter().decrypt(locked.message) == b"secret"
    assert locked.pinentry.questions == []


def test_a_gpg_that_was_killed_is_tried_once_more(locked: Locked) -> None:
    once = 'case "$*" in *--decrypt*) mkdir "${0%/*}/met" 2>/dev/null && kill -9 $$;; esac'
    locked.gpg_that(once)
    assert locked.decrypter().decrypt(locked.message) == b"secret"


@pytest.mark.parametrize("name", ["KILL", "SEGV"])
def test_a_gpg_that_is_always_killed_is_told_with_the_signal(locked: Locked, name: str) -> None:
    """Out of memory, for one: the message is Zoe's, and her key is here."""
    locked.gpg_that(f'case "$*" in *--decrypt*) kill -{name} $$;; esac')
    error = locked.refused()
    assert isinstance(error, BrokenOff)
    assert str(error) == f"gpg was ended by SIG{name} before it had opened the message"


def test_an_agent_that_is_killed_is_not_a_missing_key(locked: Locked) -> None:
    """Here by its own pinentry; gpg 2.2 says "No secret key" in the end."""
    program = locked.home / "deadly"
    program.write_text("#!/bin/sh\nkill -9 $PPID\n")
    program.chmod(0o700)
    pinentry.install_program(locked.home, program)
    error = locked.refused()
    assert isinstance(error, BrokenOff)
    assert "could not use it: End of file" in str(error)


def test_a_gpg_that_does_not_end_its_plaintext_is_ended(locked: Locked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it was told by `--max-output`."""
    monkeypatch.setattr(engine, "_MOST", 1 << 20)
    monkeypatch.setattr("eyamlgpg.model.limits.PLAINTEXT", 1 << 19)
    locked.gpg_that('case "$*" in *--decrypt*) exec yes;; esac')
    with pytest.raises(OversizedPlaintext):
        locked.decrypter().decrypt(locked.message)


def test_one_message_needs_no_thread(locked: Locked, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that has none to spare a single value still opens."""

    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    assert locked.decrypter().decrypt(locked.message) == b"secret"


def test_a_message_for_others_names_the_home_that_was_looked_in(
    home: Callable[[str], Path], environ: dict[str, str]
) -> None:
    bob = keyrings.known("bob").fingerprint
    message = keyrings.gpg(home("alice"), "--trust-model=always", "-r", bob, "--encrypt", stdin=b"secret")
    session = Session(home("alice"), environ)
    with pytest.raises(NoSecretKey) as caught:
        GnupgDecrypter(session, GnupgKeyring(session)).decrypt(message)
    assert str(home("alice")) in caught.value.hints[0]
    assert "edit -d" in caught.value.hints[1]
