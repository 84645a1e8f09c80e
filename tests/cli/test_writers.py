"""Several runs at once on one file: each waits its turn, and nothing that ended with status 0 is lost."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

from tests.support.commands import REPOSITORY
from tests.support.team import Team

WAITING = "waiting for another run of eyamlgpg"
ENVIRON = {"EDITOR": "sed -i s/plain/other/"}


def started(team: Team, *words: str) -> "subprocess.Popen[bytes]":
    environ = os.environ | ENVIRON | {"GNUPGHOME": str(team.home), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        [sys.executable, "-m", "eyamlgpg", *words],
        cwd=team.folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("content", [None, "---\nplain: text # kept\n"], ids=["new", "standing"])
def test_twenty_that_set_a_value_in_one_file_are_all_done(team: Team, content: str | None) -> None:
    path = team.folder / "app.eyaml"
    if content is not None:
        path.write_text(content)
    runs = [started(team, "set", "app.eyaml", f"key{number:02}", "-s", "1", "-q") for number in range(20)]
    said = [run.communicate() for run in runs]
    assert ([run.returncode for run in runs], said) == ([0] * 20, [(b"", b"")] * 20)
    text = path.read_text()
    assert sorted(line.partition(":")[0] for line in text.splitlines() if "ENC[GPG," in line) == [
        f"key{number:02}" for number in range(20)
    ]
    assert text.startswith(content or "")
    assert not list(team.folder.glob(".app*"))


@pytest.mark.parametrize(
    "words",
    [
        ("set", "app.eyaml", "mine", "-s", "1"),
        ("encrypt", "-i", "-e", "app.eyaml"),
    ],
    ids=lambda words: words[0],
)
def test_what_another_run_writes_meanwhile_is_kept(team: Team, words: tuple[str, ...]) -> None:
    path = team.folder / "app.eyaml"
    path.write_text("first: DEC::GPG[1]!\n")
    with locked(team.folder):
        run = started(team, *words)
        assert run.stderr is not None
        assert WAITING.encode() in run.stderr.readline()
        path.write_text("first: DEC::GPG[1]!\ntheirs: DEC::GPG[2]!\n")
    run.communicate()
    assert (run.returncode, "theirs: " in path.read_text(), "ENC[GPG," in path.read_text()) == (0, True, True)


def test_an_edit_that_saves_meanwhile_is_asked_about_and_overwrites_nothing(team: Team) -> None:
    path = team.folder / "app.eyaml"
    path.write_text("plain: text\n")
    with locked(team.folder):
        run = started(team, "edit", "app.eyaml", "--no-preamble")
        assert run.stderr is not None
        line = run.stderr.readline()
        while b"waiting for another run" not in line:
            assert line, "ended without waiting"
            line = run.stderr.readline()
        path.write_text("theirs: text\n")
    _, said = run.communicate()
    assert (run.returncode, b"was changed by somebody else meanwhile" in said) == (3, True)
    assert path.read_text() == "theirs: text\n"


def test_who_is_removed_while_a_value_waits_its_turn_cannot_read_it(team: Team) -> None:
    with locked(team.folder):
        run = started(team, "set", "app.eyaml", "mine", "-s", "1")
        assert run.stderr is not None
        assert WAITING.encode() in run.stderr.readline()
        team.wanted("alice")
    run.communicate()
    assert run.returncode == 0
    assert team.run("who", "app.eyaml", "--check").status == 0


@pytest.mark.parametrize("words", [("recrypt",), ("recipients", "pin")], ids=lambda words: words[0])
def test_a_run_that_holds_the_tree_does_not_wait_for_itself(team: Team, words: tuple[str, ...]) -> None:
    """The root of a tree is a folder of files, too."""
    team.done("set", "app.eyaml", "mine", "-s", "1")
    team.wanted("alice")
    ran = team.run(*words)
    assert (ran.status, WAITING in ran.err) == (0, False)


def test_nobody_waits_for_a_person_who_is_asked_about_a_marker(team: Team) -> None:
    path = team.folder / "app.eyaml"
    path.write_text("a: DEC::GPG[1]!\nb: DEC:GPG[2]!\n")
    environ = os.environ | {"GNUPGHOME": str(team.home), "PYTHONPATH": str(REPOSITORY)}
    words = [sys.executable, "-m", "eyamlgpg", "encrypt", "-i", "-e", "app.eyaml"]
    asked = pexpect.spawn(words[0], words[1:], cwd=str(team.folder), env=environ, timeout=60)
    asked.expect_exact(b"[y/n] ")
    ran = team.run("set", "other.eyaml", "mine", "-s", "1")
    assert (ran.status, WAITING in ran.err) == (0, False)
    asked.send(b"y\r")
    asked.expect(pexpect.EOF)
    assert path.read_text().count("ENC[GPG,") == 1
