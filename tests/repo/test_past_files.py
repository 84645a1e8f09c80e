"""Every version of a folder's files, over all refs; nothing else of the history, and no fetch for what is missing."""

from pathlib import Path

import pytest

from eyamlgpg.repo.git import Git
from eyamlgpg.repo.past_files import past_contents
from tests.support.repository import Repository, start

KEYS = ".eyamlgpg/keys"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return start(tmp_path / "tree")


def contents(repository: Repository) -> set[bytes]:
    return set(past_contents(Git(repository.root, repository.environ), KEYS))


def test_before_the_first_commit_there_is_nothing(repository: Repository) -> None:
    repository.write(f"{KEYS}/A.asc", "a\n")
    assert contents(repository) == set()


def test_all_that_ever_stood_there_on_any_branch_once(repository: Repository) -> None:
    repository.write(f"{KEYS}/A.asc", "a\n")
    repository.write(f"{KEYS}/former/B.asc", "b\n")
    repository.write(f"control/{KEYS}/D.asc", "deep\n")
    repository.write("elsewhere/C.asc", "elsewhere\n")
    repository.write(f"{KEYS}.asc", "beside\n")
    repository.commit()
    repository.git("mv", f"{KEYS}/A.asc", f"{KEYS}/former/A.asc")
    repository.commit()
    repository.git("checkout", "-qb", "side", "HEAD^")
    repository.write(f"{KEYS}/E.asc", "side\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.git("rm", "-rq", f"{KEYS}")
    repository.commit()
    assert contents(repository) == {b"a\n", b"b\n", b"deep\n", b"side\n"}


def test_a_version_that_only_a_merge_made_counts(repository: Repository) -> None:
    repository.write(f"{KEYS}/A.asc", "base\n")
    repository.commit()
    repository.git("checkout", "-qb", "side")
    repository.write(f"{KEYS}/A.asc", "theirs\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write(f"{KEYS}/A.asc", "ours\n")
    repository.commit()
    repository.tried("merge", "-q", "side")
    repository.write(f"{KEYS}/A.asc", "both\n")
    repository.commit()
    assert contents(repository) == {b"base\n", b"theirs\n", b"ours\n", b"both\n"}


def test_a_link_is_no_key(repository: Repository) -> None:
    (repository.root / KEYS).mkdir(parents=True)
    (repository.root / KEYS / "A.asc").symlink_to("/etc/passwd")
    repository.commit()
    assert contents(repository) == set()


def test_what_a_partial_clone_lacks_is_passed_over_and_not_fetched(repository: Repository, tmp_path: Path) -> None:
    repository.write(f"{KEYS}/A.asc", "old\n")
    repository.commit()
    repository.write(f"{KEYS}/A.asc", "new\n")
    repository.commit()
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "clone")
    clone.root.mkdir()
    clone.git("clone", "-q", "--filter=blob:none", f"file://{repository.root}", ".")
    assert contents(clone) == {b"new\n"}
