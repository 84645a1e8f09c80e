"""Every answer for people has colours on a terminal that may have them, and the same words without one elsewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.support.controlled import CLEAR, READERS, control_repository
from tests.support.repository import Repository

ANSI = re.compile(r"\x1b\[[0-9;]*m")

COMMANDS = (
    ["check"],
    ["who", "--check"],
    ["recrypt", "--check"],
    ["recipients", "list", "hieradata"],
    ["recipients", "lint"],
    ["recipients", "remove", READERS[1].fingerprint, "--everywhere", "--dry-run"],
    ["keys", "list"],
    ["keys", "check"],
    ["explain", "plaintext-key-name"],
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, home: Callable[[str], Path]) -> Repository:
    """A tree with a secret in clear text, and a value that somebody can read who has left the list."""
    made = control_repository(tmp_path_factory.mktemp("control"), home("alice"))
    made.write("hieradata/plain.yaml", CLEAR)
    lists = made.root / "hieradata" / "hiera-eyaml-gpg.recipients"
    lists.write_text("".join(f"{one.fingerprint}\n" for one in READERS[1:-1]) + "alice@example.com\n")
    return made


def on_a_terminal(repository: Repository, words: list[str], **environ: str) -> str:
    plain = {name: value for name, value in repository.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    session: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-m", "eyamlgpg", *words, "-q"] if words[0] != "explain" else ["-m", "eyamlgpg", *words],
        env={**plain, "TERM": "xterm", **environ},
        cwd=str(repository.root),
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 200),
    )
    session.expect(pexpect.EOF)
    session.close()
    return (session.before or "").replace("\r\n", "\n")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_colours_come_on_a_terminal_and_go_where_nobody_wants_them(repository: Repository, words: list[str]) -> None:
    coloured = on_a_terminal(repository, words)
    assert ANSI.search(coloured)
    for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = on_a_terminal(repository, words, **wish)
        assert [line.rstrip() for line in plain.splitlines()] == [
            line.rstrip() for line in ANSI.sub("", coloured).splitlines()
        ]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_pipe_gets_no_colours(repository: Repository, words: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "eyamlgpg", *words],
        env={**repository.environ, "TERM": os.environ.get("TERM") or "xterm", "FORCE_COLOR": "1"},
        cwd=repository.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout
    assert "\x1b" not in ran.stdout + ran.stderr
