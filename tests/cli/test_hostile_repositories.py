"""A repository that somebody prepared: nothing of it is run, and its history is seen as it was pushed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.canaries import HOOKS, PROGRAMS, Canaries, plant_own
from tests.support.controlled import CLEAR, GOOD, control_repository
from tests.support.keyrings import known
from tests.support.messages import token
from tests.support.repository import Repository, start
from tests.support.tool import Tool

FOLDER, SECOND = "hieradata", "hieradata/second.eyaml"
LOOKING = (
    ("check",),
    ("check", "--staged"),
    ("recrypt", "--check", FOLDER),
    ("who", FOLDER),
    ("audit", "HEAD~1..HEAD"),
    ("diff", "HEAD~1"),
    ("rotation", "bob@example.com"),
    ("recipients", "lint"),
    ("hook", "status"),
    ("doctor",),
)


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    """Attributes ask for every driver; one file has changed, and one is staged."""
    made = control_repository(tmp_path / "control", home("alice"))
    made.write(".gitattributes", "* filter=canary diff=canary merge=canary\n")
    made.write(SECOND, f"a: {GOOD}\n")
    made.commit()
    made.write(SECOND, f"a: {GOOD}\nb: c\n")
    made.write("hieradata/staged.eyaml", CLEAR)
    made.git("add", "hieradata/staged.eyaml")
    return made


@pytest.fixture
def canaries(tmp_path: Path) -> Canaries:
    return Canaries(tmp_path / "canaries")


def settings(canaries: Canaries, file: Path) -> None:
    """A file of settings that names each program."""
    lines = []
    for name in (*PROGRAMS, "core.hooksPath"):
        section, _, key = name.rpartition(".")
        head, _, rest = section.partition(".")
        lines.append(f'[{head} "{rest}"]' if rest else f"[{head}]")
        lines.append(f"\t{key} = {canaries.value(name)}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


def included(repository: Repository, canaries: Canaries) -> None:
    """A file of the tree is included in the settings."""
    settings(canaries, repository.root / "hieradata/gitconfig")
    repository.git("config", "include.path", "../hieradata/gitconfig")


def included_if(repository: Repository, canaries: Canaries) -> None:
    """The same, where the repository stands anywhere."""
    settings(canaries, repository.root / "hieradata/gitconfig")
    repository.git("config", "includeIf.gitdir:**.path", "../hieradata/gitconfig")


def of_the_worktree(repository: Repository, canaries: Canaries) -> None:
    """Settings of one working tree, which come after those of the repository."""
    repository.git("config", "extensions.worktreeConfig", "true")
    settings(canaries, repository.root / ".git/config.worktree")


def hooks(repository: Repository, canaries: Canaries) -> None:
    """Hooks where git looks for them by itself."""
    for hook in HOOKS:
        canaries.program(f"made/{hook}").rename(repository.root / ".git/hooks" / hook)


def attributes(repository: Repository, canaries: Canaries) -> None:
    """Attributes that do not stand in the tree ask for drivers that the settings name."""
    plant_own(repository, canaries, *PROGRAMS)
    (repository.root / ".gitattributes").unlink()
    (repository.root / ".git/info").mkdir(exist_ok=True)
    (repository.root / ".git/info/attributes").write_text("* filter=canary diff=canary merge=canary\n")


def submodule(repository: Repository, canaries: Canaries) -> None:
    """A submodule has settings of its own, and has changed."""
    inner = start(repository.root / "hieradata/module")
    inner.commit(a_eyaml="a: 1\n")
    repository.git("-c", "advice.addEmbeddedRepo=false", "add", "hieradata/module")
    repository.write(".gitmodules", '[submodule "m"]\n\tpath = hieradata/module\n\turl = ./m\n\tupdate = !touch x\n')
    inner.write("a.eyaml", "a: 2\n")
    inner.write(".gitattributes", "* filter=canary diff=canary\n")
    settings(canaries, inner.root / "more")
    inner.git("config", "include.path", "../more")


def borrowed(repository: Repository, canaries: Canaries) -> None:
    """Objects stand in another repository, whose settings are its own affair."""
    other = start(repository.root.parent / "other")
    settings(canaries, other.root / "more")
    (other.root / ".git/objects").rename(other.root / ".git/empty")
    (repository.root / ".git/objects").rename(other.root / ".git/objects")
    (repository.root / ".git/objects/info").mkdir(parents=True)
    (repository.root / ".git/objects/info/alternates").write_text(f"{other.root}/.git/objects\n")
    other.git("config", "include.path", "../more")


WAYS = (included, included_if, of_the_worktree, hooks, attributes, submodule, borrowed)


@pytest.mark.parametrize("plant", WAYS, ids=lambda plant: plant.__name__.replace("_", " "))
def test_no_way_of_naming_a_program_makes_us_run_it(
    tool: Tool, repository: Repository, canaries: Canaries, plant: Callable[[Repository, Canaries], None]
) -> None:
    plant(repository, canaries)
    before = {path for path in (repository.root / ".git").rglob("*") if path.is_file()}
    environ = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    for words in LOOKING:
        ran = tool(*words, home=repository.home, cwd=repository.root, environ=environ)
        assert "Traceback" not in ran.err, ran.err
        assert canaries.heard() == [], words
    assert {path for path in (repository.root / ".git").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("plant", [included, of_the_worktree, attributes], ids=lambda plant: plant.__name__)
def test_the_canaries_are_heard_by_git_itself(
    repository: Repository, canaries: Canaries, plant: Callable[[Repository, Canaries], None]
) -> None:
    """So that the test above shows something."""
    plant(repository, canaries)
    repository.tried("status")
    assert canaries.heard()


def was_read_by_bob(repository: Repository) -> None:
    """Bob could read a value in a commit before the last one."""
    stale = token(known("alice").encryption_key_id, known("bob").encryption_key_id)
    repository.write("hieradata/old.eyaml", f"old::secret: {stale}\n")
    repository.commit()
    alone = token(known("alice").encryption_key_id)
    repository.write("hieradata/old.eyaml", f"old::secret: {alone}\n")
    repository.commit()


def grafted(repository: Repository) -> None:
    """The last commit has no parents, by a file of old."""
    (repository.root / ".git/info").mkdir(exist_ok=True)
    (repository.root / ".git/info/grafts").write_text(repository.git("rev-parse", "HEAD"))


def replaced(repository: Repository) -> None:
    """The same by a ref."""
    repository.git("replace", "--graft", "HEAD")


@pytest.mark.parametrize("shorten", [grafted, replaced])
def test_a_history_that_is_cut_short_here_is_seen_as_it_was_pushed(
    tool: Tool, repository: Repository, shorten: Callable[[Repository], None]
) -> None:
    was_read_by_bob(repository)

    def told() -> tuple[bytes, bytes]:
        words = ("rotation", "bob@example.com", "--format", "csv")
        rotation = tool(*words, home=repository.home, cwd=repository.root)
        diff = tool("diff", "HEAD~1..HEAD", "--format", "json", home=repository.home, cwd=repository.root)
        return rotation.out, diff.out

    before = told()
    shorten(repository)
    count = repository.git("rev-list", "--count", "HEAD").strip()
    assert (count, told()) == ("1", before)
    assert b"old::secret" in before[0]
