"""Which command a git is at, as its command line tells, with the aliases that it would follow."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from eyamlgpg.repo.conversion import command_of
from tests.support.repository import start


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        (("git", "log", "-p"), "log"),
        (("/usr/bin/git", "-C", "x", "-c", "a=b", "--git-dir", "y", "--no-pager", "diff"), "diff"),
        (("git", "--git-dir=y", "commit", "-v"), "commit"),
        (("/usr/lib/git-core/git-show",), "show"),
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
