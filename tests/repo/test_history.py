"""The whole history of a repository, as git tells it."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.model.history import FileChange
from eyamlgpg.repo import contents
from eyamlgpg.repo.history import History, read_history
from tests.support.repository import Repository, start

LINES = "".join(f"line {number}\n" for number in range(20))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return start(tmp_path / "r")


def read(repository: Repository) -> History:
    return read_history(repository.root, repository.environ)


def changes(found: History) -> list[list[tuple[str, str | None, str | None]]]:
    """Of each commit: path, content, old path."""
    ids = [change.object_id for commit in found.commits for change in commit.changes if change.object_id]
    texts = {one: content.decode() for one, content in found.contents(ids) if content is not None}
    return [
        [(change.path, texts.get(change.object_id or ""), change.renamed_from) for change in commit.changes]
        for commit in found.commits
    ]


def test_every_commit_is_told_with_its_author_and_what_it_changed(repository: Repository) -> None:
    repository.commit(a_eyaml="one\n")
    repository.commit(a_eyaml="two\n", b_eyaml="three\n")
    (repository.root / "b.eyaml").unlink()
    repository.commit()
    found = read(repository)
    assert changes(found) == [
        [("a.eyaml", "one\n", None)],
        [("a.eyaml", "two\n", None), ("b.eyaml", "three\n", None)],
        [("b.eyaml", None, None)],
    ]
    assert [commit.author for commit in found.commits] == ["Test"] * 3
    assert [commit.parents for commit in found.commits] == [(), (0,), (1,)]
    assert found.commits[0].date == repository.git("log", "-1", "--format=%aI", "HEAD~2").strip()
    assert (found.head, found.staged, found.gaps) == (2, (), ())


def test_a_renamed_file_is_told_with_its_old_path_although_it_changed(repository: Repository) -> None:
    repository.commit(a_eyaml=LINES)
    (repository.root / "a.eyaml").rename(repository.root / "b.eyaml")
    repository.commit(b_eyaml=f"{LINES}one more\n")
    assert changes(read(repository))[1] == [("b.eyaml", f"{LINES}one more\n", "a.eyaml")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("diff.renames", "false"),
        ("diff.renameLimit", "1"),
        ("diff.relative", "true"),
        ("diff.orderFile", "nowhere"),
        ("diff.external", "false"),
        ("diff.noprefix", "true"),
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("log.diffMerges", "off"),
        ("log.date", "relative"),
        ("core.quotePath", "true"),
        ("color.ui", "always"),
    ],
)
def test_no_setting_of_the_user_changes_what_is_read(repository: Repository, name: str, value: str) -> None:
    repository.commit(**{"sub/ä_eyaml": LINES, "c_eyaml": "c\n"})
    (repository.root / "sub" / "ä.eyaml").rename(repository.root / "sub" / "b.eyaml")
    repository.commit(**{"sub/b_eyaml": f"{LINES}one more\n"})
    expected = read(repository).commits
    repository.git("config", name, value)
    assert read_history(repository.root / "sub", repository.environ).commits == expected
    assert len(expected[0].changes) == 2


def test_what_a_merge_brings_from_its_other_parent_is_a_change(repository: Repository) -> None:
    repository.commit(a_eyaml="a\n")
    repository.git("switch", "-qc", "other")
    repository.commit(b_eyaml="b\n")
    repository.git("switch", "-q", "main")
    repository.commit(c_eyaml="c\n")
    repository.git("merge", "-q", "--no-edit", "other")
    found = read(repository)
    merge = found.commits[-1]
    assert [change.path for change in merge.changes] == ["b.eyaml"]
    assert [found.commits[parent].changes[0].path for parent in merge.parents] == ["c.eyaml", "b.eyaml"]


def test_every_ref_counts_and_so_does_a_detached_head(repository: Repository) -> None:
    repository.commit(a_eyaml="a\n")
    for name in ("branch", "tag", "stashed"):
        repository.git("switch", "-q", "--detach", "main")
        repository.commit(**{f"{name}_eyaml": name})
        repository.git(
            "update-ref", {"branch": "refs/heads/x", "tag": "refs/tags/x", "stashed": "refs/odd/x"}[name], "HEAD"
        )
    repository.git("switch", "-q", "--detach", "main")
    repository.commit(loose_eyaml="loose")
    paths = {change.path for commit in read(repository).commits for change in commit.changes}
    assert paths == {"a.eyaml", "branch.eyaml", "tag.eyaml", "stashed.eyaml", "loose.eyaml"}


def test_links_and_submodules_are_no_content(repository: Repository) -> None:
    repository.commit(a_eyaml="a\n")
    (repository.root / "a.eyaml").unlink()
    (repository.root / "a.eyaml").symlink_to("b")
    repository.commit()
    assert read(repository).commits[1].changes == (FileChange("a.eyaml", None),)
    assert list(read(repository).working_files()) == []


def test_odd_names_of_files_and_authors_are_read_as_they_are(repository: Repository) -> None:
    odd = "\x01odd\n:100644 name\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    (repository.root / odd).write_text("x")
    repository.git("add", "-A")
    repository.git("-c", "user.name=A\x02B", "commit", "-qm", "odd", "--author", "N\x02M <a@b>")
    [commit] = read(repository).commits
    assert [change.path for change in commit.changes] == [odd]
    assert commit.author == "N\x02M"


def test_index_and_working_tree_are_told_apart(repository: Repository) -> None:
    repository.commit(a_eyaml=LINES)
    repository.git("mv", "a.eyaml", "b.eyaml")
    repository.write("new.eyaml", "new\n")
    repository.write(".gitignore", "ignored\n")
    repository.write("ignored", "x")
    found = read(repository)
    [staged] = found.staged
    assert (staged.path, staged.renamed_from) == ("b.eyaml", "a.eyaml")
    assert dict(found.working_files()) == {
        ".gitignore": b"ignored\n",
        "b.eyaml": LINES.encode(),
        "new.eyaml": b"new\n",
    }


def test_before_the_first_commit_there_is_only_the_index(repository: Repository) -> None:
    repository.write("a.eyaml", "a\n")
    repository.git("add", "-A")
    found = read(repository)
    assert (found.commits, found.head) == ((), None)
    assert [change.path for change in found.staged] == ["a.eyaml"]


def test_what_a_sparse_checkout_leaves_out_is_named(repository: Repository) -> None:
    repository.commit(**{"in/a_eyaml": "a\n", "out/b_eyaml": "b\n"})
    repository.git("sparse-checkout", "set", "--no-cone", "in/")
    assert read(repository).left_out() == {"out/b.eyaml"}


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.commit(a_eyaml="one\n")
    repository.commit(a_eyaml="two\n")
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(tmp_path / "shallow"))
    found = read(Repository(tmp_path / "shallow"))
    assert [commit.parents for commit in found.commits] == [()]
    [gap] = found.gaps
    assert "shallow" in gap
    assert "git fetch --unshallow" in gap


def test_a_partial_clone_says_so_and_nothing_is_fetched_behind_its_back(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(a_eyaml="one\n")
    repository.commit(a_eyaml="two\n")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.root}", str(tmp_path / "partial"))
    partial = Repository(tmp_path / "partial")
    found = read(partial)
    [gap] = found.gaps
    assert "1 of its objects" in gap
    assert changes(found) == [[("a.eyaml", None, None)], [("a.eyaml", "two\n", None)]]
    missing = partial.git("rev-list", "--all", "--objects", "--missing=print")
    assert missing.count("?") == 1


def test_a_clone_without_trees_is_an_error_with_a_way_out(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(a_eyaml="one\n")
    repository.commit(a_eyaml="two\n")
    repository.git("clone", "-q", "--filter=tree:0", f"file://{repository.root}", str(tmp_path / "treeless"))
    with pytest.raises(FileProblem, match="the history cannot be read") as told:
        read(Repository(tmp_path / "treeless"))
    assert "git fetch --refetch --filter=blob:none" in told.value.hints[0]


def test_a_missing_or_too_large_blob_is_told_and_the_others_are_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(a_eyaml="small\n", b_eyaml="large" * 100, c_eyaml="also\n")
    found = read(repository)
    ids = {change.path: change.object_id or "" for change in found.commits[0].changes}
    monkeypatch.setattr(contents, "LARGEST", 100)
    asked = [ids["a.eyaml"], ids["b.eyaml"], "0" * 39 + "1", ids["c.eyaml"]]
    assert [content for _, content in found.contents(asked)] == [b"small\n", None, None, b"also\n"]


def test_a_reader_that_stops_early_leaves_no_process_behind(repository: Repository) -> None:
    repository.commit(**{f"f{number}_eyaml": f"{number}" * 5000 for number in range(200)})
    found = read(repository)
    ids = [change.object_id or "" for change in found.commits[0].changes]
    reading = found.contents(ids)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    assert not children.exists() or not children.read_text().split()


def test_a_revision_is_resolved_or_refused(repository: Repository) -> None:
    repository.commit(a_eyaml="one\n")
    repository.commit(a_eyaml="two\n")
    found = read(repository)
    assert (found.resolve("HEAD"), found.resolve("main~1")) == (1, 0)
    for wrong in ("nowhere", "--all", ""):
        with pytest.raises(FileProblem, match="names no commit"):
            found.resolve(wrong)


def test_outside_of_a_repository_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EyamlgpgError, match="no git repository"):
        read_history(tmp_path, os.environ)


def test_a_broken_repository_is_an_error(repository: Repository) -> None:
    repository.commit(a_eyaml="one\n")
    tree = repository.git("rev-parse", "HEAD^{tree}").strip()
    place = repository.root / ".git" / "objects" / tree[:2] / tree[2:]
    place.chmod(0o600)
    place.unlink()
    with pytest.raises(FileProblem):
        read(repository)


def test_git_that_ends_in_the_middle_is_an_error(repository: Repository, tmp_path: Path) -> None:
    repository.commit(a_eyaml="one\n")
    found = read(repository)
    [change] = found.commits[0].changes
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "git").write_text(f"#!/bin/sh\nprintf '{change.object_id} blob 100\\nshort'\n")
    (broken / "git").chmod(0o755)
    git = replace(found.git, environ={**found.git.environ, "PATH": f"{broken}:{os.environ['PATH']}"})
    with pytest.raises(FileProblem, match="in the middle"):
        list(replace(found, git=git).contents([change.object_id or ""]))
