"""The merge drivers as git calls them: each situation by merge, rebase and cherry-pick."""

import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.support.merge_situation import CLEAN
from tests.support.merges import PAGE, SITUATIONS, Ciphertexts, page
from tests.support.repository import Repository, start

VERBS = {"merge": ("theirs",), "rebase": ("ours", "theirs"), "cherry-pick": ("theirs",)}
WORDS = "%O %A %B %L %P"


def folder(number: int) -> str:
    return f"s{number:02}"


def install(repository: Repository) -> None:
    python = f"{shlex.quote(sys.executable)} -m eyamlgpg git"
    repository.git("config", "merge.eyamlgpg.driver", f"{python} merge-values {WORDS}")
    repository.git("config", "merge.eyamlgpg-recipients.driver", f"{python} merge-recipients {WORDS}")
    info = repository.root / ".git" / "info" / "attributes"
    info.write_text("*.eyaml merge=eyamlgpg\n*.recipients merge=eyamlgpg-recipients\n")


@dataclass(frozen=True)
class Outcome:
    """One git command over all situations."""

    root: Path
    ran: CompletedProcess[str]
    unmerged: frozenset[str]

    def text(self, number: int) -> str:
        return (self.root / folder(number) / SITUATIONS[number].file).read_bytes().decode()

    def is_clean(self, number: int) -> bool:
        return folder(number) not in self.unmerged


@pytest.fixture(scope="module")
def ciphertexts(home: Callable[[str], Path]) -> Ciphertexts:
    return Ciphertexts(home)


@pytest.fixture(scope="module")
def source(
    home: Callable[[str], Path], ciphertexts: Ciphertexts, tmp_path_factory: pytest.TempPathFactory
) -> Repository:
    """All situations, each in a folder of its own, with the branches base, ours and theirs."""
    repository = start(tmp_path_factory.mktemp("source"), home("bob"))
    repository.git("config", "merge.renames", "false")
    repository.git("commit", "-q", "--allow-empty", "-m", "empty")
    for branch in ("base", "ours", "theirs"):
        repository.git("checkout", "-q", "-b", branch, *(["base"] if branch != "base" else []))
        for number, situation in enumerate(SITUATIONS):
            text = {"base": situation.base, "ours": situation.ours, "theirs": situation.theirs}[branch]
            file = repository.root / folder(number) / situation.file
            file.parent.mkdir(exist_ok=True)
            if text is not None:
                file.write_bytes(ciphertexts.put_in(text).encode())
            else:
                file.unlink(missing_ok=True)
        repository.git("add", "-A")
        repository.git("commit", "-q", "-m", branch)
    return repository


@pytest.fixture(scope="module")
def outcome(source: Repository, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Outcome]:
    """What a command of git leaves, with the driver or without."""
    made: dict[tuple[str, str], Outcome] = {}

    def run(verb: str, by: str) -> Outcome:
        if (verb, by) not in made:
            root = tmp_path_factory.mktemp(verb) / "clone"
            source.git("clone", "-q", "-b", "ours", str(source.root), str(root))
            clone = Repository(root, source.home)
            clone.git("branch", "-q", "theirs", "origin/theirs")
            clone.git("config", "merge.renames", "false")
            if by == "driver":
                install(clone)
            ran = clone.tried(verb, *VERBS[verb])
            names = clone.git("diff", "--name-only", "--diff-filter=U").split()
            made[verb, by] = Outcome(root, ran, frozenset(Path(name).parent.name for name in names))
        return made[verb, by]

    return run


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("number", range(len(SITUATIONS)), ids=lambda number: SITUATIONS[number].title)
def test_the_driver_merges_each_value_by_itself(
    number: int, verb: str, outcome: Callable[[str, str], Outcome], ciphertexts: Ciphertexts
) -> None:
    situation = SITUATIONS[number]
    found = outcome(verb, "driver")
    assert ciphertexts.taken_out(found.text(number)) == situation.merged
    assert found.is_clean(number) == (situation.driver == CLEAN)
    assert situation.says in found.ran.stdout + found.ran.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_git_alone_does_as_the_table_says(verb: str, outcome: Callable[[str, str], Outcome]) -> None:
    found = outcome(verb, "git")
    clean = {situation.title for number, situation in enumerate(SITUATIONS) if found.is_clean(number)}
    assert clean == {situation.title for situation in SITUATIONS if situation.git == CLEAN}


def test_the_page_has_every_situation() -> None:
    assert PAGE.read_text() == page(), "run: tox run -e docs"
