"""The same claims over the fake tree of the unit tests, the working tree and git's index, so that none can drift."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.repo.git import Git
from eyamlgpg.trees.index import IndexTree
from eyamlgpg.trees.working import WorkingTree
from tests.support.fakes import FakeTree
from tests.support.repository import start


@dataclass(frozen=True)
class Scene:
    """A last commit, and what stands there now; all of it is staged."""

    committed: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    committed_links: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


class Open(Protocol):
    """Opens the tree of a scene for the paths that are asked for."""

    def __call__(self, scene: Scene, *paths: str) -> CheckedTree: ...


def real(folder: Path, scene: Scene) -> Git:
    """A repository with the scene's commit behind it and the rest staged."""
    repository = start(folder)
    moments = [(scene.committed, scene.committed_links), (scene.files, scene.links)]
    for moment, (files, links) in enumerate(moments):
        repository.git("rm", "-rq", "--ignore-unmatch", ".")
        for path, text in files.items():
            repository.write(path, text)
        for link, target in links.items():
            (repository.root / link).parent.mkdir(parents=True, exist_ok=True)
            (repository.root / link).symlink_to(target)
        repository.git("add", "-A")
        if moment == 0:
            repository.git("commit", "-qm", "last", "--allow-empty")
    return Git(repository.root, repository.environ)


@pytest.fixture(params=["fake", "real"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def working(kind: str, tmp_path: Path) -> Iterator[Open]:
    made: list[WorkingTree] = []

    def opened(scene: Scene, *paths: str) -> CheckedTree:
        if kind == "fake":
            return fake(scene, paths, staged=False)
        git = real(tmp_path / f"tree{len(made)}", scene)
        made.append(WorkingTree(git.root, git, paths))
        return made[-1]

    yield opened
    for tree in made:
        tree.close()


@pytest.fixture
def staged(kind: str, tmp_path: Path) -> Iterator[Open]:
    made: list[IndexTree] = []

    def opened(scene: Scene, *paths: str) -> CheckedTree:
        if kind == "fake":
            return fake(scene, paths, staged=True)
        made.append(IndexTree(real(tmp_path / f"index{len(made)}", scene), paths))
        return made[-1]

    yield opened
    for tree in made:
        tree.close()


@pytest.fixture(params=["working", "staged"])
def either(request: pytest.FixtureRequest, working: Open, staged: Open) -> Open:
    """What holds of both."""
    return working if request.param == "working" else staged


def fake(scene: Scene, paths: Sequence[str], *, staged: bool) -> FakeTree:
    return FakeTree(scene.files, scene.committed, scene.links, scene.committed_links, paths, staged)


PLAIN = Scene(
    committed={"a.eyaml": "old\n", "sub/same.eyaml": "same\n", "sub/gone.eyaml": "gone\n"},
    files={"a.eyaml": "new\n", "sub/same.eyaml": "same\n", "sub/added.eyaml": "added\n", "subject.eyaml": "s\n"},
)


def test_of_a_working_tree_all_is_chosen_and_of_the_index_what_changes(working: Open, staged: Open) -> None:
    assert set(working(PLAIN).chosen()) == {"a.eyaml", "sub/same.eyaml", "sub/added.eyaml", "subject.eyaml"}
    assert set(staged(PLAIN).chosen()) == {"a.eyaml", "sub/added.eyaml", "subject.eyaml"}


def test_paths_narrow_what_is_chosen_and_the_root_does_not(working: Open, staged: Open) -> None:
    assert [set(working(PLAIN, path).chosen()) for path in ("sub", "a.eyaml")] == [
        {"sub/same.eyaml", "sub/added.eyaml"},
        {"a.eyaml"},
    ]
    assert [set(staged(PLAIN, path).chosen()) for path in ("sub", "a.eyaml", "sub/same.eyaml")] == [
        {"sub/added.eyaml"},
        {"a.eyaml"},
        set(),
    ]
    assert len(working(PLAIN, ".", "sub").chosen()) == 4
    assert len(staged(PLAIN, ".", "sub").chosen()) == 3


def test_what_was_asked_for_is_covered_whether_or_not_it_is_there(either: Open) -> None:
    tree = either(PLAIN, "sub", "subject.eyaml")
    asked = ("sub/same.eyaml", "sub/gone.eyaml", "sub/never", "subject.eyaml", "subject.eyaml.bak", "a.eyaml")
    assert [tree.covers(path) for path in asked] == [True, True, True, True, False, False]
    assert either(PLAIN).covers("never") is True
    assert either(PLAIN, ".").covers("never") is True


def test_a_folder_around_a_file_does_not_name_it(either: Open) -> None:
    tree = either(PLAIN, "sub", "a.eyaml")
    assert [tree.is_named(path) for path in ("a.eyaml", "sub/same.eyaml", "sub")] == [True, False, True]


def test_every_file_is_told_whatever_was_asked_for(either: Open) -> None:
    assert set(either(PLAIN, "sub").files()) == {"a.eyaml", "sub/same.eyaml", "sub/added.eyaml", "subject.eyaml"}


def test_what_is_there_is_read_and_what_is_not_is_an_error(either: Open) -> None:
    tree = either(PLAIN)
    assert {path: tree.read(path) for path in tree.files()} == {
        path: text.encode() for path, text in PLAIN.files.items()
    }
    assert [tree.has(path) for path in ("a.eyaml", "sub/added.eyaml", "sub/gone.eyaml", "sub")] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(FileProblem, match=r"^sub/gone\.eyaml: cannot be read: "):
        tree.read("sub/gone.eyaml")


def test_before_is_what_the_last_commit_had_of_what_changed_or_went(either: Open) -> None:
    tree = either(PLAIN)
    asked = ("a.eyaml", "sub/same.eyaml", "sub/added.eyaml", "sub/gone.eyaml", "never")
    assert [tree.before(path) for path in asked] == [b"old\n", None, None, b"gone\n", None]


def test_what_went_is_told_once_renamed_files_included(either: Open) -> None:
    assert list(either(PLAIN).removed()) == ["sub/gone.eyaml"]
    renamed = Scene(committed={"a.eyaml": "one\ntwo\nthree\n"}, files={"b.eyaml": "three\n"})
    assert list(either(renamed).removed()) == ["a.eyaml"]
    assert either(renamed).before("a.eyaml") == b"one\ntwo\nthree\n"


FILES = {"data/a.eyaml": "a\n", "shared/readers": "alice\n"}
LINKED = Scene(
    committed=FILES,
    files=FILES,
    committed_links={"data/old.eyaml": "a.eyaml", "data/kept.eyaml": "a.eyaml", "data/moved": "a.eyaml"},
    links={
        "data/kept.eyaml": "a.eyaml",
        "data/moved": "../shared/readers",
        "data/new": "../shared/readers",
        "data/out.eyaml": "../../elsewhere",
        "data/absolute.eyaml": "/etc/hostname",
        "data/nowhere.eyaml": "none",
        "folder.eyaml": "data",
    },
)


def test_links_are_told_with_the_file_that_they_lead_to_and_those_to_folders_are_not(either: Open) -> None:
    assert either(LINKED).links() == {
        "data/kept.eyaml": "data/a.eyaml",
        "data/moved": "shared/readers",
        "data/new": "shared/readers",
        "data/out.eyaml": None,
        "data/absolute.eyaml": None,
        "data/nowhere.eyaml": None,
    }
    assert set(either(LINKED).files()) == set(FILES)


def test_links_are_chosen_like_files(working: Open, staged: Open) -> None:
    links = set(LINKED.links) - {"folder.eyaml"}
    assert set(working(LINKED).chosen()) == {*FILES, *links}
    assert set(staged(LINKED).chosen()) == links - {"data/kept.eyaml"}
    assert set(staged(LINKED, "data/new").chosen()) == {"data/new"}


def test_a_link_is_read_as_what_it_leads_to_and_before_as_what_it_led_to(either: Open) -> None:
    tree = either(LINKED)
    assert (tree.has("data/new"), tree.read("data/new"), tree.before("data/new")) == (True, b"alice\n", None)
    assert (tree.read("data/moved"), tree.before("data/moved"), tree.before("data/kept.eyaml")) == (
        b"alice\n",
        b"a\n",
        None,
    )
    with pytest.raises(FileProblem, match=r"^data/out\.eyaml: is a symbolic link that leads out of the tree"):
        tree.read("data/out.eyaml")
    with pytest.raises(FileProblem, match=r"^data/nowhere\.eyaml: "):
        tree.read("data/nowhere.eyaml")


def test_a_link_that_went_is_told_with_what_it_led_to(either: Open) -> None:
    tree = either(LINKED)
    assert (list(tree.removed()), tree.before("data/old.eyaml")) == (["data/old.eyaml"], b"a\n")


def test_a_link_that_led_out_or_nowhere_held_nothing(either: Open) -> None:
    links = {"out": "../elsewhere", "nowhere": "none", "around": "around"}
    tree = either(Scene({"a": "a\n"}, {"a": "a\n"}, links, {}))
    assert {path: tree.before(path) for path in tree.removed()} == dict.fromkeys(links)


def test_a_file_that_became_a_link_went_and_a_link_that_became_a_file_did_not(either: Open) -> None:
    scene = Scene(
        committed={"a.eyaml": "a\n", "b.eyaml": "b\n"},
        files={"b.eyaml": "b\n", "link": "x\n"},
        committed_links={"link": "a.eyaml"},
        links={"a.eyaml": "b.eyaml"},
    )
    tree = either(scene)
    assert (list(tree.removed()), tree.before("a.eyaml"), tree.before("link")) == (["a.eyaml"], b"a\n", b"a\n")
    assert {"a.eyaml", "link"} <= set(tree.chosen())


def test_a_link_still_tells_the_file_that_went(either: Open) -> None:
    links = {"readers": "shared/readers"}
    scene = Scene({"shared/readers": "alice\n", "x": "x\n"}, {"x": "x\n"}, links, links)
    assert either(scene).links() == {"readers": "shared/readers"}


def test_a_link_is_chosen_and_told_with_its_past_where_it_leads_to_a_change(staged: Open) -> None:
    links = {"sub/a.eyaml": "../data/a", "b.eyaml": "way", "way": "data/a", "same.eyaml": "data/b"}
    before = {"data/a": "old\n", "data/b": "b\n"}
    scene = Scene(before, {**before, "data/a": "new\n"}, links, links)
    tree = staged(scene)
    assert set(tree.chosen()) == {"data/a", "sub/a.eyaml", "b.eyaml", "way"}
    assert [tree.before(path) for path in ("sub/a.eyaml", "b.eyaml", "same.eyaml")] == [b"old\n", b"old\n", None]
    assert set(staged(scene, "sub").chosen()) == {"sub/a.eyaml"}
    assert set(staged(scene, "data").chosen()) == {"data/a"}


def test_a_link_is_chosen_and_told_with_its_past_where_another_one_on_its_way_turns(staged: Open) -> None:
    files = {"data/a": "a\n", "data/b": "b\n"}
    links = {"sub/a.eyaml": "../way", "way": "data/a"}
    scene = Scene(files, files, links, {**links, "way": "data/b"})
    for paths in ((), ("sub", "way"), ("way",)):
        tree = staged(scene, *paths)
        assert set(tree.chosen()) == {"sub/a.eyaml", "way"}
        assert (tree.read("sub/a.eyaml"), tree.before("sub/a.eyaml")) == (b"b\n", b"a\n")


def test_nothing_is_loose_where_all_is_staged(either: Open) -> None:
    tree = either(PLAIN)
    asked = ("a.eyaml", "sub/gone.eyaml", "never", ".eyamlgpg/policy.yaml")
    assert ([tree.is_loose(path) for path in asked], tuple(tree.uncounted())) == ([False] * 4, ())


def test_no_folder_is_closed_where_none_is(either: Open) -> None:
    assert either(PLAIN).closed() == {}
