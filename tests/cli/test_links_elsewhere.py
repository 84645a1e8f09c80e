"""A link never widens the readers of a value in silence: the real file's list counts, and that is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, found
from tests.support.keyrings import known
from tests.support.repository import Repository, start
from tests.support.tool import Ran, Tool

LIST = "hiera-eyaml-gpg.recipients"
OURS = ("alice", "bob", "puppetmaster-prod")
SAYS = "dev/hiera-eyaml-gpg.recipients says who may read"


def people(*names: str) -> str:
    return "".join(f"{known(name).fingerprint}\n" for name in names)


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    """Carol may read dev, and not prod."""
    made = start(tmp_path / "control", home("alice"))
    made.write(f"prod/{LIST}", people(*OURS))
    made.write(f"dev/{LIST}", people(*OURS, "carol"))
    for path in ("prod/s.eyaml", "prod/app/x.eyaml", "dev/s.eyaml", "dev/app/x.eyaml"):
        made.write(path, "a: 1\n")
    made.commit()
    return made


def link(repository: Repository, path: str, target: str) -> None:
    place = repository.root / path
    if place.is_dir() and not place.is_symlink():
        for inside in place.iterdir():
            inside.unlink()
        place.rmdir()
    place.unlink(missing_ok=True)
    place.symlink_to(target)
    repository.git("add", "-A")


def file(repository: Repository) -> None:
    link(repository, "prod/s.eyaml", "../dev/s.eyaml")


def folder(repository: Repository) -> None:
    link(repository, "prod/app", "../dev/app")


def chain(repository: Repository) -> None:
    link(repository, "middle", "dev")
    link(repository, "prod/first.eyaml", "../middle/s.eyaml")
    link(repository, "prod/s.eyaml", "first.eyaml")


def within(repository: Repository) -> None:
    link(repository, "dev/inner", "app")
    link(repository, "prod/app", "../dev/inner")


BY = pytest.mark.parametrize(
    ("make", "at", "path"),
    [
        (file, "prod/s.eyaml", "prod/s.eyaml"),
        (folder, "prod/app", "prod/app/x.eyaml"),
        (chain, "prod/s.eyaml", "prod/s.eyaml"),
        (within, "prod/app", "prod/app/x.eyaml"),
    ],
    ids=["file", "folder", "chain", "folder by a chain"],
)


def run(tool: Tool, repository: Repository, *words: str, **environ: str) -> Ran:
    return tool(*words, home=repository.home, cwd=repository.root, environ=environ)


@BY
@pytest.mark.parametrize(
    "words",
    [
        ("set", "{}", "k", "-s", "x"),
        ("edit", "{}"),
        ("encrypt", "-i", "-e", "{}"),
        ("encrypt", "-e", "{}"),
        ("encrypt", "-s", "x", "--for", "{}"),
        ("recrypt", "{}"),
        ("recrypt", "--check", "{}"),
        ("who", "{}"),
        ("who", "--check", "{}"),
    ],
    ids=" ".join,
)
def test_a_command_says_whose_list_governs(
    tool: Tool,
    repository: Repository,
    make: Callable[[Repository], None],
    at: str,
    path: str,
    words: tuple[str, ...],
) -> None:
    before = run(tool, repository, *(word.format(path) for word in words), EDITOR="true")
    assert (before.status, "is a link" in before.err) == (0, False), before.err
    make(repository)
    ran = run(tool, repository, *(word.format(path) for word in words), EDITOR="true")
    assert ran.status == 0, ran.err
    assert f"{at}: is a link; {SAYS}" in ran.err
    assert f"not prod/{LIST}, which governs the place of the link" in ran.err


def test_it_is_said_of_links_that_are_met_in_a_folder_and_of_the_folder_of_a_list(
    tool: Tool, repository: Repository
) -> None:
    file(repository)
    assert f"prod/s.eyaml: is a link; {SAYS} dev/s.eyaml" in run(tool, repository, "recrypt", "--check", "prod").err
    folder(repository)
    ran = run(tool, repository, "recipients", "add", known("dave").fingerprint, "--at", "prod/app", "--dry-run")
    assert f"prod/app: is a link; {SAYS} dev/app" in ran.err


@pytest.mark.parametrize("case", ["one list", "a list by a link", "no list at the link", "an option"])
def test_it_is_not_said_where_the_place_of_the_link_has_no_other_list(
    tool: Tool, repository: Repository, case: str
) -> None:
    file(repository)
    options = ["--gpg-recipients", known("alice").fingerprint] if case == "an option" else []
    if case == "one list":
        repository.git("mv", "-f", f"dev/{LIST}", LIST)
        repository.git("rm", "-qf", f"prod/{LIST}")
    if case == "a list by a link":
        link(repository, f"prod/{LIST}", f"../dev/{LIST}")
    if case == "no list at the link":
        repository.git("rm", "-qf", f"prod/{LIST}")
    ran = run(tool, repository, "set", "prod/s.eyaml", "k", "-s", "x", *options)
    assert (ran.status, "is a link" in ran.err) == (0, False), ran.err
    if case != "an option":
        assert found(tool, repository) == []


@BY
@pytest.mark.parametrize("words", [(), ("--staged",), ("prod",), ("--staged", "prod")], ids=" ".join)
def test_check_finds_it_and_counts_it_as_a_change_of_readers(
    tool: Tool,
    repository: Repository,
    make: Callable[[Repository], None],
    at: str,
    path: str,
    words: tuple[str, ...],
) -> None:
    make(repository)
    assert ("access-link-elsewhere", at, None) in found(tool, repository, *words)
    ran = run(tool, repository, "check", *words)
    assert ran.status == 1
    assert f"{at}: changes who may read:\n" in ran.err
    assert f"  + {known('carol').user_ids[0]} {known('carol').fingerprint}" in ran.err


def rules(tool: Tool, repository: Repository, *words: str) -> tuple[set[str], str]:
    ran = run(tool, repository, "check", "--format", "json", *words)
    return {finding["rule"] for finding in json.loads(ran.out)["findings"]}, run(tool, repository, "check", *words).err


@pytest.mark.parametrize("words", [(), ("--staged",)], ids=["working", "staged"])
def test_a_link_that_turns_counts_by_where_it_led_before(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    link(repository, "prod/l.eyaml", "app/x.eyaml")
    assert rules(tool, repository, *words)[0] == set()
    repository.commit()
    link(repository, "prod/l.eyaml", "../dev/s.eyaml")
    found_now, told = rules(tool, repository, *words)
    assert (found_now, "prod/l.eyaml: changes who may read:" in told) == ({"access-link-elsewhere"}, True)
    repository.commit()
    link(repository, "prod/l.eyaml", "app/x.eyaml")
    found_now, told = rules(tool, repository, *words)
    assert (found_now, "  - Carol" in told) == (set(), True)


def test_a_file_in_the_place_of_a_link_changes_the_readers_back(tool: Tool, repository: Repository) -> None:
    file(repository)
    repository.commit()
    (repository.root / "prod/s.eyaml").unlink()
    repository.write("prod/s.eyaml", "b: 2\n")
    repository.git("add", "-A")
    found_now, told = rules(tool, repository, "--staged")
    assert (found_now, "prod/s.eyaml: changes who may read:" in told, "  - Carol" in told) == (set(), True, True)


@pytest.mark.parametrize("widened", ["dev", "prod"])
def test_a_list_that_comes_to_differ_is_found_by_the_links_under_it(
    tool: Tool, repository: Repository, widened: str
) -> None:
    """Links come first, between folders of the same people, and one list is widened later."""
    repository.write(f"dev/{LIST}", people(*OURS))
    file(repository)
    folder(repository)
    assert rules(tool, repository, "--staged")[0] == set()
    repository.commit()
    repository.write(f"{widened}/{LIST}", people(*OURS, "carol"))
    repository.git("add", "-A")
    wanted = [("access-link-elsewhere", path, None) for path in ("prod/app", "prod/s.eyaml")]
    assert found(tool, repository, "--staged") == wanted


def test_an_old_link_is_not_told_of_each_commit(tool: Tool, repository: Repository) -> None:
    file(repository)
    folder(repository)
    repository.commit()
    repository.write("other.eyaml", "a: 1\n")
    repository.git("add", "-A")
    found_now, told = rules(tool, repository, "--staged")
    assert (found_now, "changes who may read" in told) == (set(), False)
    assert [one[1] for one in found(tool, repository)] == ["prod/app", "prod/s.eyaml"]


def test_a_link_that_no_data_stands_behind_is_nobodys_business(tool: Tool, repository: Repository) -> None:
    repository.write("dev/docs/notes.txt", CLEAR)
    link(repository, "prod/docs", "../dev/docs")
    link(repository, "prod/notes", "../dev/docs/notes.txt")
    assert found(tool, repository) == []


def test_without_git_the_links_are_found_as_well(tool: Tool, repository: Repository) -> None:
    file(repository)
    folder(repository)
    (repository.root / ".git").rename(repository.root.parent / "git")
    assert [one[:2] for one in found(tool, repository)] == [
        ("access-link-elsewhere", "prod/app"),
        ("access-link-elsewhere", "prod/s.eyaml"),
    ]
