"""`check` and the links of a tree: those inside are followed, those that lead out are told, and nothing is silent."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, READERS, RECIPIENTS, control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Tool

EITHER = pytest.mark.parametrize("words", [(), ("--staged",)])
FEWER = [
    ("access-few-people", "production/hiera-eyaml-gpg.recipients", None),
    ("access-unexpected", "production/common.eyaml", 1),
]
"""What is found in production where Alice is no reader any more."""


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


@pytest.fixture
def shared(repository: Repository) -> Repository:
    """The recipients of production are a link to a list that production does not hold."""
    repository.write("shared/readers", RECIPIENTS)
    repository.write("production/common.eyaml", f"app::pepper: {GOOD}\n")
    link(repository, "production/hiera-eyaml-gpg.recipients", "../shared/readers")
    repository.commit()
    return repository


def link(repository: Repository, path: str, target: str) -> None:
    place = repository.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def without_alice() -> str:
    return "".join(f"{one.fingerprint}\n" for one in READERS[1:])


@EITHER
def test_a_link_that_leads_out_of_the_tree_or_nowhere_is_told(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    outside = repository.root.parent / "outside.eyaml"
    outside.write_text(CLEAR)
    link(repository, "hieradata/out.eyaml", "../../outside.eyaml")
    link(repository, "hieradata/nowhere.yaml", "none.yaml")
    link(repository, "hieradata/notes.txt", "/etc/hostname")
    link(repository, "hieradata/folder.yaml", "../hieradata")
    repository.git("add", "-A")
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    told = [line for line in ran.err.splitlines() if "warning" in line]
    wanted = [f"hieradata/{name}: leads out of the tree, or nowhere, and is left out" for name in NAMES]
    assert (ran.status, ran.out, sorted(told)) == (0, b"", [f"eyamlgpg: warning: {one}" for one in wanted])


NAMES = ("nowhere.yaml", "out.eyaml")


def test_a_link_that_was_there_before_is_not_told_of_each_commit(tool: Tool, repository: Repository) -> None:
    link(repository, "hieradata/out.eyaml", "../../outside.eyaml")
    repository.commit()
    repository.write("hieradata/more.eyaml", "a: 1\n")
    repository.git("add", "-A")
    assert "leads out" not in tool("check", "--staged", home=repository.home, cwd=repository.root).err


@EITHER
def test_a_link_inside_of_the_tree_is_looked_at_in_its_own_place(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.commit()
    link(repository, "linked/plain.yaml", "../hieradata/plain.yaml")
    repository.git("add", "-A")
    wanted = [("plaintext-key-name", "hieradata/plain.yaml", 1)]
    assert found(tool, repository, *words) == wanted
    assert found(tool, repository, *words, "linked") == wanted


@EITHER
@pytest.mark.parametrize("place", ["shared/web.data", "shared/web.yaml", ".eyamlgpg/web.data"])
@pytest.mark.parametrize("name", ["web.eyaml", "web.yaml"])
def test_what_a_link_calls_hiera_data_is_judged_as_such(
    tool: Tool, repository: Repository, words: tuple[str, ...], place: str, name: str
) -> None:
    wanted = [("plaintext-key-name", place, 1)]
    repository.write(place, CLEAR)
    link(repository, f"hieradata/{name}", f"../{place}")
    repository.git("add", "-A")
    for named in ((), ("hieradata",), (f"hieradata/{name}",)):
        assert found(tool, repository, *words, *named) == wanted
    repository.write(place, "a: 1\n")
    repository.commit()
    repository.write(place, CLEAR)
    repository.git("add", "-A")
    for named in ((), ("hieradata",), (f"hieradata/{name}",), (place,)):
        assert found(tool, repository, *words, *named) == wanted


@EITHER
def test_a_value_behind_a_link_has_the_readers_of_its_own_place(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    repository.write("shared/web.data", f"app::pepper: {GOOD}\n")
    link(repository, "hieradata/web.eyaml", "../shared/web.data")
    repository.git("add", "-A")
    assert found(tool, repository, *words) == [("access-no-recipients", "shared/web.data", None)]


def test_a_named_link_that_git_ignores_is_looked_at_once_and_in_its_own_place(
    tool: Tool, repository: Repository
) -> None:
    repository.write("shared/web.data", CLEAR)
    repository.write(".gitignore", "web.*\n")
    link(repository, "hieradata/web.eyaml", "../shared/web.data")
    assert found(tool, repository, "hieradata/web.eyaml") == [("plaintext-key-name", "shared/web.data", 1)]


def test_a_named_link_to_a_folder_is_that_folder(tool: Tool, repository: Repository) -> None:
    repository.write("shared/web.eyaml", CLEAR)
    link(repository, "linked", "shared")
    wanted = [("plaintext-key-name", "shared/web.eyaml", 1)]
    assert found(tool, repository, "linked") == wanted
    repository.git("add", "-A")
    assert found(tool, repository, "--staged", "linked") == wanted
    (repository.root / ".git").rename(repository.root.parent / "git")
    assert found(tool, repository, ".", "linked") == wanted


@EITHER
def test_the_list_behind_a_linked_recipients_file_bears_upon_what_the_link_governs(
    tool: Tool, shared: Repository, words: tuple[str, ...]
) -> None:
    assert found(tool, shared, *words, "shared/readers") == []
    shared.write("shared/readers", without_alice())
    shared.git("add", "-A")
    assert found(tool, shared, *words, "shared/readers") == FEWER


@EITHER
def test_the_lines_of_a_list_are_judged_through_the_link(
    tool: Tool, shared: Repository, words: tuple[str, ...]
) -> None:
    shared.write("shared/readers", f"{RECIPIENTS}nobody@example.com\n")
    shared.git("add", "-A")
    assert found(tool, shared, *words) == [("recipient-unknown", "production/hiera-eyaml-gpg.recipients", 4)]


def test_a_linked_recipients_file_is_judged_once_where_it_leads_to_another(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/hiera-eyaml-gpg.recipients", f"{RECIPIENTS}nobody@example.com\n")
    link(repository, "other/hiera-eyaml-gpg.recipients", "../hieradata/hiera-eyaml-gpg.recipients")
    assert found(tool, repository) == [("recipient-unknown", "hieradata/hiera-eyaml-gpg.recipients", 4)]


def test_a_link_to_recipients_that_comes_turns_or_goes_bears_upon_what_it_governs(
    tool: Tool, repository: Repository
) -> None:
    path = "production/hiera-eyaml-gpg.recipients"
    repository.write("shared/readers", RECIPIENTS)
    repository.write("shared/fewer", without_alice())
    repository.write("production/common.eyaml", f"app::pepper: {GOOD}\n")
    repository.commit()
    link(repository, path, "../shared/fewer")
    repository.git("add", "-A")
    assert found(tool, repository, "--staged") == FEWER
    link(repository, path, "../shared/readers")
    repository.git("add", "-A")
    assert found(tool, repository, "--staged") == []
    repository.commit()
    link(repository, path, "../shared/fewer")
    repository.git("add", "-A")
    assert found(tool, repository, "--staged") == FEWER
    repository.git("rm", "-qf", path)
    assert found(tool, repository, "--staged") == [("access-no-recipients", "production/common.eyaml", None)]


def test_a_list_that_goes_from_behind_its_link_is_an_error_that_is_told_once(tool: Tool, shared: Repository) -> None:
    shared.write("production/more.eyaml", f"app::salt: {GOOD}\n")
    shared.commit()
    shared.git("rm", "-q", "shared/readers")
    ran = tool("check", "--staged", home=shared.home, cwd=shared.root)
    told = (
        "eyamlgpg: production/hiera-eyaml-gpg.recipients: is a symbolic link to shared/readers, which is no file of the"
    )
    assert (ran.status, ran.out) == (3, b"")
    assert [line for line in ran.err.splitlines() if "symbolic link" in line] == [f"{told} next commit"]


@EITHER
def test_a_list_may_stand_behind_several_links(tool: Tool, shared: Repository, words: tuple[str, ...]) -> None:
    link(shared, "lists", "shared")
    link(shared, "shared/current", "../lists/readers")
    link(shared, "production/hiera-eyaml-gpg.recipients", "../lists/current")
    shared.git("add", "-A")
    assert found(tool, shared, *words) == []
    link(shared, "shared/current", "current")
    shared.git("add", "-A")
    ran = tool("check", *words, home=shared.home, cwd=shared.root)
    assert (ran.status, "production/hiera-eyaml-gpg.recipients: " in ran.err) == (3, True)


def test_a_named_link_that_leads_out_of_the_tree_is_told_and_hides_nothing(
    tool: Tool, home: Callable[[str], Path], tmp_path: Path
) -> None:
    """The pre-commit framework names every file of a commit, links included."""
    tree = tmp_path / "tree"
    (tree / "data").mkdir(parents=True)
    Repository(tree).git("init", "-q")
    (tmp_path / "outside.yaml").write_text("a: b\n")
    (tree / "data/out.yaml").symlink_to(tmp_path / "outside.yaml")
    (tree / "data/dead.yaml").symlink_to("nowhere")
    (tree / "data/ok.eyaml").write_text("db_password: hunter2x\n")
    for links in (["data/out.yaml"], ["data/dead.yaml"], ["data/out.yaml", "data/dead.yaml"]):
        for named in ([*links, "data/ok.eyaml"], ["data/ok.eyaml", *links]):
            ran = tool("check", *named, home=home("alice"), cwd=tree)
            assert ran.status == 1
            assert "data/ok.eyaml:1:14: error: db_password" in ran.text
            assert all(f"{link}: leads out of the tree, or nowhere, and is left out" in ran.err for link in links)


@pytest.mark.parametrize("name", ["x.data", "notes.txt", "x.yaml"])
def test_a_file_that_is_named_is_looked_into_whatever_its_name_ends_in(
    tool: Tool, home: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("db_password: hunter2x\n")
    ran = tool("check", name, home=home("alice"), cwd=tmp_path)
    assert (ran.status, "plaintext-key-name" in ran.text) == (1, True)
