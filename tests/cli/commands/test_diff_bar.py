"""`diff` of many values at a real terminal: a bar on standard error while messages are opened, and nowhere else."""

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import pytest

from tests.support.commands import Desk
from tests.support.repository import start

MANY = 15


@pytest.fixture(scope="module")
def desk(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Alice's, with values that are encrypted anew since the last commit; nobody changes it."""
    desk = Desk(home("alice"), tmp_path_factory.mktemp("desk") / "tree")
    repository = start(desk.folder)
    desk.governs(".", "alice")
    for _ in range(2):
        repository.commit()
        values = enumerate(desk.values(["x"] * MANY, "alice"))
        desk.write("a.eyaml", "".join(f"k{n}: {value}\n" for n, value in values))
        repository.git("add", "-A")
    return desk


def seen(desk: Desk, environ: Mapping[str, str], *words: str, to: Path | None = None) -> str:
    """What was on the terminal; `to`: a file for standard output."""
    line = shlex.join(desk.argv("diff", "--staged", *words)) + (f" > {shlex.quote(str(to))}" if to else "")
    session: pexpect.spawn[str] = pexpect.spawn(
        "/bin/sh", ["-c", line], cwd=str(desk.folder), env=dict(environ), timeout=60, encoding="utf-8"
    )
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == 0
    assert session.before is not None
    return session.before


def test_a_bar_counts_the_messages_of_both_moments(desk: Desk, tmp_path: Path) -> None:
    """The answer, in a file, is what a pipe gets; the bar is gone from the terminal at the end."""
    answer = tmp_path / "answer"
    shown = seen(desk, {**desk.environ, "TERM": "xterm"}, to=answer)
    assert re.search(rf"eyamlgpg: values .*/{2 * MANY}\b", shown)
    assert answer.read_text() == desk.run("diff", "--staged").stdout
    assert f"{MANY} values: re-encrypted" in answer.read_text()


@pytest.mark.parametrize(
    ("environ", "words"),
    [({"NO_COLOR": "1"}, ()), ({"TERM": "dumb"}, ()), ({}, ("-q",))],
    ids=["bare", "dumb", "quiet"],
)
def test_no_bar_where_none_is_wanted(
    desk: Desk, tmp_path: Path, environ: dict[str, str], words: tuple[str, ...]
) -> None:
    assert seen(desk, {**desk.environ, "TERM": "xterm", **environ}, *words, to=tmp_path / "answer") == ""


def test_no_bar_in_a_pipe(desk: Desk) -> None:
    assert desk.run("diff", "--staged").stderr == ""
