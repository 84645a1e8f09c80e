"""Which command a git is at, as its command line tells, with the aliases that it would follow."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from eyamlgpg.repo import conversion
from eyamlgpg.repo.conversion import UNKNOWN, GitProcess, command_of, git_above, kept_by
from tests.support.repository import start


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        (("git", "log", "-p"), "log"),
        (("/usr/bin/git", "-C", "x", "-c", "a=b", "--git-dir", "y", "--no-pager", "diff"), "diff"),
        (("git", "--git-dir=y", "commit", "-v"), "commit"),
        (("/usr/lib/git-core/git-show",), "show"),
        (("git", "--attr-source", "log", "commit", "-v"), "commit"),
        (("git", "lg"), "log"),
        (("git", "ci"), "commit"),
        (("git", "twice"), "commit"),
        (("git", "round"), None),
        (("git",), None),
        (("git", "--version"), None),
    ],
)
def test_the_command_of_a_command_line(argv: Sequence[str], command: str | None) -> None:
    aliases = {"lg": "-p log --oneline", "ci": "commit -v", "twice": "ci -a", "round": "round"}
    assert command_of(argv, aliases) == command


def test_a_git_that_runs_us_is_found_through_its_shell(tmp_path: Path) -> None:
    repository = start(tmp_path / "r")
    program = tmp_path / "told.py"
    program.write_text("from eyamlgpg.repo.conversion import git_above\nprint(git_above().argv[1:])\n")
    told = repository.git("-c", f"alias.x=!true && '{sys.executable}' '{program}'", "x")
    assert told.startswith("['-c', ")
    assert told.endswith(", 'x']\n")


def test_where_the_machine_does_not_tell_who_calls_nothing_counts_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process has such a number: /proc has no folder for it, and ps says nothing."""
    assert git_above(1 << 30) is UNKNOWN
    assert "does not tell what git is doing" in (kept_by(UNKNOWN, {}) or "")
    monkeypatch.setattr(conversion, "_process", {7: (1, "9", ["sh"]), 1: (0, "8", ["git", "commit", "-v"])}.get)
    assert git_above(7) == GitProcess(1, "8", ["git", "commit", "-v"], 0)
    assert git_above(0) is None
