"""Every way in which git makes a commit, with the hook installed: it sees what will be committed, and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from tests.support.controlled import CLEAR, GOOD, control_repository
from tests.support.repository import Repository
from tests.support.tool import Tool

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

PATH = "hieradata/common.eyaml"
MIDDLE = "".join(f"app::setting{number}: {number}\n" for number in range(12))
COMMITTED = f"---\napp::pepper: {GOOD}\n{MIDDLE}app::host: db1\n"
CLEAN = COMMITTED.replace("app::pepper", "# for the front end\napp::pepper")
BOTH = f"{CLEAN}{CLEAR}"
"""A hunk at the top that is clean, and one at the end with a secret."""

REFUSED = "[plaintext-key-name]"


@dataclass(frozen=True)
class Desk:
    """A repository with the hook, and what git says at a terminal."""

    repository: Repository

    def commit(self, *words: str, answers: Sequence[tuple[str, str]] = ()) -> tuple[int | None, str]:
        """`git commit` at a real terminal: its status and what it printed."""
        session: pexpect.spawn[str] = pexpect.spawn(
            "git",
            ["-c", "core.pager=cat", "-c", "color.ui=false", "commit", *words],
            env=dict(self.repository.environ),
            cwd=str(self.repository.root),
            encoding="utf-8",
            timeout=60,
            dimensions=(50, 1000),
        )
        for question, answer in answers:
            session.expect_exact(question)
            session.sendline(answer)
        session.expect(pexpect.EOF)
        session.close()
        return session.exitstatus, session.before or ""

    def committed(self) -> str:
        """The file in the last commit."""
        return self.repository.git("show", f"HEAD:{PATH}")

    def staged(self) -> str:
        """The files that the index changes."""
        return self.repository.git("diff", "--cached", "--name-only")

    def tried(self, *words: str) -> tuple[int, bool]:
        """Git's status, and whether it was the hook's finding that it said."""
        ran = self.repository.tried(*words)
        return ran.returncode, REFUSED in ran.stdout + ran.stderr


@pytest.fixture
def desk(tool: Tool, tmp_path: Path, home: Callable[[str], Path]) -> Desk:
    repository = control_repository(tmp_path / "control", home("alice"))
    repository.write(PATH, COMMITTED)
    repository.commit()
    ran = tool("hook", "install", cwd=repository.root, environ=repository.environ)
    assert ran.status == 0
    return Desk(repository)


def test_commit_p_lets_the_clean_hunk_pass_and_refuses_the_one_with_the_secret(desk: Desk) -> None:
    desk.repository.write(PATH, BOTH)
    hunk = "Stage this hunk"
    status, said = desk.commit("-p", "-m", "secret", answers=[(hunk, "n"), (hunk, "y")])
    assert (status, REFUSED in said, desk.committed(), desk.staged()) == (1, True, COMMITTED, "")
    status, said = desk.commit("-p", "-m", "clean", answers=[(hunk, "y"), (hunk, "n")])
    assert (status, REFUSED in said, desk.committed(), desk.staged()) == (0, False, CLEAN, "")
    assert (desk.repository.root / PATH).read_text() == BOTH


def test_commit_p_with_its_answers_through_a_pipe_is_the_same(desk: Desk) -> None:
    desk.repository.write(PATH, BOTH)
    ran = desk.repository.tried("commit", "-qpm", "secret", stdin="n\ny\n")
    assert (ran.returncode, REFUSED in ran.stdout + ran.stderr) == (1, True)
    ran = desk.repository.tried("commit", "-qpm", "clean", stdin="y\nn\n")
    assert (ran.returncode, desk.committed()) == (0, CLEAN)


@pytest.mark.parametrize("words", [("-a",), ("--only", PATH), ("--include", PATH), (PATH,)])
def test_commit_a_and_commit_of_a_file_look_at_what_is_not_staged_yet(desk: Desk, words: tuple[str, ...]) -> None:
    desk.repository.write(PATH, BOTH)
    assert desk.tried("commit", "-qm", "secret", *words) == (1, True)
    desk.repository.write(PATH, CLEAN)
    assert desk.tried("commit", "-qm", "clean", *words) == (0, False)
    assert desk.committed() == CLEAN


def test_a_partial_commit_leaves_out_what_it_does_not_name(desk: Desk) -> None:
    desk.repository.write("hieradata/other.eyaml", CLEAR)
    desk.repository.git("add", "-A")
    desk.repository.write(PATH, CLEAN)
    assert desk.tried("commit", "-qm", "clean", PATH) == (0, False)
    assert desk.staged() == "hieradata/other.eyaml\n"
    assert desk.tried("commit", "-qm", "the rest") == (1, True)


def test_what_is_staged_in_parts_is_judged_as_staged(desk: Desk) -> None:
    desk.repository.write(PATH, CLEAN)
    desk.repository.git("add", PATH)
    desk.repository.write(PATH, BOTH)
    assert desk.tried("commit", "-qm", "clean") == (0, False)
    desk.repository.git("add", PATH)
    desk.repository.write(PATH, CLEAN)
    assert desk.tried("commit", "-qm", "secret") == (1, True)


def test_an_amendment_is_judged_by_what_it_changes(desk: Desk) -> None:
    desk.repository.write(PATH, BOTH)
    assert desk.tried("commit", "-qa", "--amend", "--no-edit") == (1, True)
    desk.repository.git("commit", "-qam", "past every hook", "--no-verify")
    assert desk.tried("commit", "-q", "--amend", "-m", "other words") == (0, False)
    desk.repository.write(PATH, CLEAN)
    assert desk.tried("commit", "-qa", "--amend", "--no-edit") == (0, False)
    assert desk.committed() == CLEAN


def diverge(desk: Desk, theirs: str, ours: str) -> None:
    """Two branches that change the same line; we are on main."""
    desk.repository.git("switch", "-qc", "side")
    desk.repository.commit(**{"hieradata/common_eyaml": theirs})
    desk.repository.git("switch", "-q", "main")
    desk.repository.commit(**{"hieradata/common_eyaml": ours})


@pytest.mark.parametrize("words", [("merge", "-q"), ("cherry-pick",), ("rebase", "-q")])
def test_a_conflict_that_was_resolved_by_a_secret_is_found_before_it_goes_on(
    desk: Desk, tool: Tool, words: tuple[str, ...]
) -> None:
    """Merges and cherry-picks go on through the hook; a rebase goes on without, so there one asks."""
    diverge(desk, COMMITTED.replace("db1", "db2"), COMMITTED.replace("db1", "db3"))
    repository = desk.repository
    assert repository.tried(*words, "side").returncode == 1

    def asked() -> int:
        return tool("check", "--staged", home=repository.home, cwd=repository.root).status

    assert asked() == 0
    repository.write(PATH, BOTH)
    repository.git("add", PATH)
    assert asked() == 1
    if words[0] != "rebase":
        assert desk.tried("-c", "core.editor=true", words[0], "--continue") == (1, True)
    repository.write(PATH, CLEAN)
    repository.git("add", PATH)
    assert asked() == 0
    repository.git("-c", "core.editor=true", words[0], "--continue")
    assert desk.committed() == CLEAN


def test_what_is_stashed_is_not_judged_and_what_comes_back_is(desk: Desk) -> None:
    desk.repository.write(PATH, BOTH)
    desk.repository.git("add", PATH)
    desk.repository.git("stash", "-q")
    desk.repository.write("hieradata/other.eyaml", "a: 1\n")
    desk.repository.git("add", "-A")
    assert desk.tried("commit", "-qm", "clean") == (0, False)
    desk.repository.git("stash", "pop", "-q", "--index")
    assert desk.tried("commit", "-qm", "secret") == (1, True)
    desk.repository.git("reset", "-q")
    desk.repository.write("hieradata/third.eyaml", "a: 1\n")
    desk.repository.git("add", "hieradata/third.eyaml")
    desk.repository.git("stash", "-q", "--keep-index")
    assert desk.tried("commit", "-qm", "clean") == (0, False)
