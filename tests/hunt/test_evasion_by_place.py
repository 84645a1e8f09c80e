"""Ways to get a plaintext secret past `check` by where it stands: names, bytes, links, what git is told.

A row that changes is something in us, or in git, that changed: mend it, or the row and the table in docs/security.md.
"""

import gzip
import shutil
from pathlib import Path

import pytest

from tests.hunt.outcomes import FILTER, ON_THE_DISK, OTHER_FILE, OUR_FILES, Absent, Found, Outcome, Told
from tests.hunt.ways import CLEAR, DATA, LIST, POLICY, WORD, Done, Ways, add, look
from tests.support.controlled import RECIPIENTS
from tests.support.repository import Repository, start

NAME = Found("plaintext-key-name")
LEFTOVER = Found("plaintext-editor-leftover")
UNGOVERNED = Told("that no recipients file governs and that hold nothing encrypted were not looked into: 1")
REPOSITORY = Told("is a repository of its own, and passed over")
LEADS_OUT = Told("leads out of the tree, or nowhere")
NO_MAPPING = Told("format-no-mapping")

way = Ways()
way.called(
    "hieradata/a.YAML", "hieradata/.yaml", "hieradata/a\nb.yml", "hieradata/.git.d/a.yaml", "x.eYaml", outcome=NAME
)
way.called("hieradata/.eyamlgpg/a.yaml", "hieradata/node_modules/a.yaml", ".eyamlgpg/a.yaml", outcome=NAME)
way.called("hieradata/a.yaml.bak", "hieradata/#a.yaml#", "hieradata/.a.eyaml.swp", outcome=LEFTOVER)
way.called("elsewhere/a.yaml", outcome=UNGOVERNED)
way.called("hieradata/a", "hieradata/a.json", "hieradata/a.yaml.dist", "hieradata/a.yaml ", outcome=OTHER_FILE)
way.called("hieradata/a.yaml/data", f"{LIST}.old", outcome=OTHER_FILE)
way.called(LIST, outcome=Found("plaintext-assignment"), text=f"# password={WORD}\n{RECIPIENTS}")
way.called(".eyamlgpg/notes", outcome=Found("plaintext-provider-token"), text="AKIAQYLPMN5HFIQR7XYA\n")
way.called(".eyamlgpg/notes.txt", outcome=OUR_FILES, text=f"password={WORD}\n")
way.called(POLICY, outcome=OUR_FILES, text=f"version: 1  # password={WORD}\n")


# How bytes stand in the file.


def written(repository: Repository, content: bytes) -> None:
    (repository.root / DATA).write_bytes(content)
    repository.git("add", "-A")


@way(Found("format-invalid-yaml"), Found("format-invalid-yaml"))
def as_utf_16(repository: Repository) -> None:
    written(repository, CLEAR.encode("utf-16"))


@way(Found("format-invalid-yaml"), Found("format-invalid-yaml"))
def compressed(repository: Repository) -> None:
    written(repository, gzip.compress(CLEAR.encode()))


@way(OUR_FILES, OUR_FILES)
def a_word_in_a_list(repository: Repository) -> None:
    add(repository, LIST, f"{RECIPIENTS}# {WORD}\n")


# What git is told about the file.


@way(NAME, NAME)
def ignored_and_added_all_the_same(repository: Repository) -> None:
    add(repository, ".gitignore", "*.yaml\n")
    add(repository)


@way(NAME, NAME)
def attributes_that_call_it_binary(repository: Repository) -> None:
    add(repository, ".gitattributes", "*.yaml binary -diff export-ignore linguist-generated\n")
    add(repository)


@way(NAME, Found("format-invalid-yaml"))
def another_encoding_on_the_disk(repository: Repository) -> None:
    add(repository, ".gitattributes", "*.yaml working-tree-encoding=UTF-16LE\n")
    written(repository, CLEAR.encode("utf-16-le"))


@way(NO_MAPPING, NAME)
def a_filter_to_base64(repository: Repository) -> None:
    add(repository, ".gitattributes", "*.yaml filter=odd\n")
    repository.git("config", "filter.odd.clean", "base64")
    add(repository)


@way(FILTER, NAME)
def a_filter_to_another_name(repository: Repository) -> None:
    add(repository, ".gitattributes", "*.yaml filter=odd\n")
    repository.git("config", "filter.odd.clean", "sed s/db::password/a::data/")
    add(repository)


@way(NO_MAPPING, NO_MAPPING)
def a_pointer_to_large_file_storage(repository: Repository) -> None:
    add(repository, DATA, f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 30\n")


@way(NAME, ON_THE_DISK)
def assumed_unchanged_with_another_text_on_the_disk(repository: Repository) -> None:
    add(repository)
    repository.git("update-index", "--assume-unchanged", DATA)
    repository.write(DATA, "a: 1\n")


@way(NAME, ON_THE_DISK)
def out_of_a_sparse_checkout(repository: Repository) -> None:
    add(repository)
    repository.git("update-index", "--skip-worktree", DATA)
    (repository.root / DATA).unlink()


@way(Absent(), NAME)
def intended_to_be_added(repository: Repository) -> None:
    """The next commit does not have it; `git commit -a` has, and its hook looks at that."""
    repository.write(DATA, CLEAR)
    repository.git("add", "-N", DATA)


@way(NAME, NAME)
def an_object_in_its_place(repository: Repository) -> None:
    add(repository)
    clean = repository.git("hash-object", "-w", "--stdin", stdin="a: 1\n").strip()
    repository.git("replace", repository.git("rev-parse", f":{DATA}").strip(), clean)


@way(NAME, NAME)
def settings_that_hide_differences(repository: Repository) -> None:
    settings = {"diff.relative": "true", "diff.external": "true", "diff.orderFile": "/none", "core.fsmonitor": "true"}
    for name, value in {**settings, "core.excludesFile": str(repository.write(".git/all", "*\n"))}.items():
        repository.git("config", name, value)
    add(repository)


# Links, and other repositories.


@way(NAME, NAME)
def a_link_to_another_name(repository: Repository) -> None:
    add(repository, "data.txt")
    linked(repository, DATA, "../data.txt")


@way(NAME, NAME)
def a_link_through_links(repository: Repository) -> None:
    add(repository, "other/data.txt")
    linked(repository, "folder", "other")
    linked(repository, DATA, "../folder/data.txt")


@way(LEADS_OUT, LEADS_OUT)
def a_link_out_of_the_tree(repository: Repository) -> None:
    (repository.root.parent / "out.yaml").write_text(CLEAR)
    linked(repository, DATA, "../../out.yaml")


@way(LEADS_OUT, NAME)
def a_link_into_gits_own_folder(repository: Repository) -> None:
    repository.write(".git/data.yaml", CLEAR)
    linked(repository, DATA, "../.git/data.yaml")


@way(OTHER_FILE, OTHER_FILE)
def a_link_that_is_a_secret_itself(repository: Repository) -> None:
    linked(repository, "hieradata/a", f"password={WORD}")


def linked(repository: Repository, path: str, target: str) -> None:
    (repository.root / path).symlink_to(target)
    repository.git("add", "-A")


@way(REPOSITORY, REPOSITORY)
def a_submodule(repository: Repository) -> None:
    other = start(repository.root.parent / "other")
    other.commit(a_yaml=CLEAR)
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.root), "hieradata/other")


@way(Absent(), REPOSITORY)
def a_submodule_that_is_not_checked_out(repository: Repository) -> None:
    """It was told when it was committed."""
    a_repository_that_git_takes_for_a_submodule(repository)
    repository.git("commit", "-qm", "more")
    shutil.rmtree(repository.root / "hieradata/other")
    (repository.root / "hieradata/other").mkdir()


def a_repository_that_git_takes_for_a_submodule(repository: Repository) -> None:
    start(repository.root / "hieradata/other").commit(a_yaml=CLEAR)
    repository.git("add", "hieradata/other")


way(REPOSITORY, REPOSITORY)(a_repository_that_git_takes_for_a_submodule)


@pytest.mark.parametrize(("done", "hook", "tree"), way.rows.values(), ids=way.rows)
def test_a_secret_in_a_place(committed: Repository, tmp_path: Path, done: Done, hook: Outcome, tree: Outcome) -> None:
    staged, there = (look(committed, tmp_path / "control", done, *words) for words in (["--staged"], []))
    assert (staged.holds(hook), there.holds(tree)) == (True, True), (staged, there)
