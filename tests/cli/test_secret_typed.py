"""`-p`: the secret is asked for by name, twice, and unseen."""

import os
import sys

import pexpect
import pytest

from tests.support import terminals
from tests.support.commands import REPOSITORY
from tests.support.team import Team

SET = ("set", "app.eyaml", "profile::db::password", "-p")
ENCRYPT = ("encrypt", "-p", "-l", "profile::db::password", "-o", "string")
NAMED = b"eyamlgpg: Secret for profile::db::password: "


def started(team: Team, *words: str) -> "pexpect.spawn[bytes]":
    environ = os.environ | {"GNUPGHOME": str(team.home), "PYTHONPATH": str(REPOSITORY)}
    command = ["-m", "eyamlgpg", *words]
    return pexpect.spawn(sys.executable, command, cwd=str(team.folder), env=environ, timeout=60)


@pytest.mark.parametrize(
    ("words", "prompt"),
    [(SET, NAMED), (ENCRYPT, NAMED), (("encrypt", "-p"), b"eyamlgpg: Secret: ")],
    ids=["set", "encrypt with a label", "encrypt"],
)
def test_a_slip_of_the_finger_is_not_encrypted(team: Team, words: tuple[str, ...], prompt: bytes) -> None:
    session = started(team, *words)
    session.expect_exact(prompt)
    session.send(b"s3cret\r")
    session.expect_exact(b"eyamlgpg: Once more: ")
    session.send(b"s3crat\r")
    session.expect_exact(b"eyamlgpg: the two differ")
    session.expect_exact(prompt)
    session.send(b"\x04")
    session.expect(pexpect.EOF)
    session.close()
    assert (session.exitstatus, session.before) == (3, b"\r\neyamlgpg: no secret was typed\r\n")
    assert not (team.folder / "app.eyaml").exists()


def test_what_was_typed_twice_is_the_value(team: Team) -> None:
    session = started(team, *SET)
    for prompt in (NAMED, b"Once more: "):
        session.expect_exact(prompt)
        session.send(b"s3cret\r")
    session.expect(pexpect.EOF)
    session.close()
    assert (session.exitstatus, team.done("get", "app.eyaml", "profile::db::password")) == (0, b"s3cret")


@pytest.mark.parametrize("words", [SET, ENCRYPT], ids=["set", "encrypt"])
def test_an_empty_entry_is_asked_about_and_an_interruption_stands_on_a_line_of_its_own(
    team: Team, words: tuple[str, ...]
) -> None:
    session = started(team, *words)
    session.expect_exact(NAMED)
    session.send(b"\r")
    session.expect_exact(b"Encrypt an empty secret? [y/n] ")
    session.send(b"\x03")
    session.expect(pexpect.EOF)
    session.close()
    assert terminals.shown(session).replace(b"^C", b"") == b"\r\neyamlgpg: interrupted by SIGINT\r\n"
    assert (session.exitstatus, (team.folder / "app.eyaml").exists()) == (130, False)
