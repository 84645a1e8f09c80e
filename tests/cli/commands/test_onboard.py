"""`eyamlgpg onboard`: key, people, lists and values in one run; running again ends what was begun."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.roles import NAME, SECRET, Roles, lines, people_file, repository
from tests.support.tool import Tool

FRANK = known("frank").fingerprint
FRANKS = known("frank").user_ids[0]
KEY = f".eyamlgpg/keys/{FRANK}.asc"


@pytest.fixture
def tree(tmp_path: Path, tool: Tool, home: Callable[[str], Path], home_copy: Callable[[str], Path]) -> Roles:
    """Alice's keyring, which this test may change, does not know Frank; his key lies beside the repository."""
    (tmp_path / "tree").mkdir()
    mine = home_copy("alice")
    gone = ["gpg", "--homedir", str(mine), "--batch", "--yes", "--delete-keys", FRANK]
    subprocess.run(gone, check=False, capture_output=True)
    (tmp_path / "frank.asc").write_bytes(known("frank").public)
    made = repository(tmp_path / "tree", tool, lambda who: mine if who == "alice" else home(who))
    made.write(f"apart/{NAME}", lines("alice"))
    made.done("set", "apart/b.eyaml", "a::secret", "--stdin", stdin=SECRET)
    made.commit()
    return made


def reads(tree: Roles, file: str = "a.eyaml") -> bool:
    return FRANK in tree("who", file, "--format", "json").text and tree("who", file, "--check").status == 0


def status(tree: Roles) -> str:
    return tree.git("status", "--porcelain", "-uall")


JOIN = ("onboard", "../frank.asc", "--role", "dba", "--fingerprint", FRANK, "-y")


def test_a_joiner_is_imported_certified_stored_given_a_role_and_reads(tree: Roles) -> None:
    ran = tree.done(*JOIN)
    assert reads(tree)
    assert not reads(tree, "apart/b.eyaml")
    assert tree.text(".eyamlgpg/people.yaml") == people_file(alice="roles: [ops, dba]", bob="roles: [dba]") + (
        f"  - key: {FRANK}\n    name: {FRANKS}\n    roles: [dba]\n"
    )
    assert f"# {FRANKS}\n{FRANK}\n# eyamlgpg: end\n" in tree.text()
    assert (tree.root / KEY).exists()
    assert ran.text.startswith(
        f"{FRANKS}\n  {FRANK}\n  imported: to do\n  certified: to do\n  stored in .eyamlgpg/keys: to do\n"
        f"  roles: dba\n  .eyamlgpg/people.yaml: changes\n  {NAME}: will name them\n"
        "  1 value in 1 file to re-encrypt\n"
    )
    assert f"Commit message:\n\n  Onboard {FRANKS}\n\n  Key: {FRANK}\n  Roles: dba\n" in ran.text
    assert tree("recipients", "sync", "--check").status == 0
    assert "Onboard" not in tree.git("log", "--format=%s")


def test_running_again_does_nothing(tree: Roles) -> None:
    tree.done(*JOIN)
    before = status(tree), tree.text("a.eyaml")
    ran = tree.done("onboard", FRANK, "--role", "dba")
    assert (status(tree), tree.text("a.eyaml")) == before
    assert f"{FRANKS}: is there already; there was nothing to do" in ran.err


@pytest.mark.parametrize("done", ["imported", "certified", "stored", "people", "lists"])
def test_what_was_begun_is_ended(tree: Roles, done: str) -> None:
    """As if the run had been interrupted behind each of its steps."""
    steps = ["imported", "certified", "stored", "people", "lists"]
    for step in steps[: steps.index(done) + 1]:
        match step:
            case "imported":
                tree.done("keys", "import", "../frank.asc")
            case "certified":
                tree.done("keys", "sign", FRANK, "-y")
            case "stored":
                tree.done("keys", "export", FRANK)
            case "people":
                tree.write(
                    ".eyamlgpg/people.yaml",
                    tree.text(".eyamlgpg/people.yaml") + f"  - key: {FRANK}\n    name: {FRANKS}\n    roles: [dba]\n",
                )
            case _:
                tree.done("recipients", "sync", "--no-recrypt")
    assert not reads(tree)
    tree.done(*JOIN)
    assert reads(tree)
    assert (tree.root / KEY).exists()


def test_without_a_role_a_list_names_them(tree: Roles) -> None:
    tree.done("onboard", "../frank.asc", "--at", "apart", "--fingerprint", FRANK, "-y")
    assert tree.text(f"apart/{NAME}") == lines("alice") + f"# {FRANKS}\n{FRANK}\n"
    assert (reads(tree, "apart/b.eyaml"), reads(tree)) == (True, False)
    assert FRANK not in tree.text(".eyamlgpg/people.yaml")


def test_a_role_and_a_folder_and_a_last_day(tree: Roles) -> None:
    tree.done(*JOIN, "--at", "apart", "--until", "2099-12-31")
    assert (reads(tree, "apart/b.eyaml"), reads(tree)) == (True, True)
    assert "    roles: [dba]\n    until: 2099-12-31\n" in tree.text(".eyamlgpg/people.yaml")


def test_yes_does_not_answer_the_question_about_the_fingerprint(tree: Roles) -> None:
    before = status(tree)
    ran = tree("onboard", "../frank.asc", "--role", "dba", "-y")
    assert ran.status == 3
    assert "compare it with its owner, then name it: --fingerprint FPR" in ran.err
    assert (status(tree), FRANK in tree("keys", "list").text) == (before, False)
    ran = tree("onboard", "../frank.asc", "--role", "dba", "-y", stdin=b"n\n")
    assert (ran.status, status(tree), FRANK in tree("keys", "list").text) == (3, before, False)
    assert tree("onboard", "../frank.asc", "--role", "dba", "-y", stdin=b"y\n").status == 0
    assert reads(tree)


def test_exportable_certifies_for_everybody(tree: Roles) -> None:
    tree.done(*JOIN, "--exportable")
    stored = subprocess.run(
        ["gpg", "--show-keys", "--with-sig-list", str(tree.root / KEY)], capture_output=True, check=True
    )
    assert known("alice").key_id in stored.stdout.decode()
    assert "there was nothing to do" in tree.done(*JOIN, "--exportable").err


WRONG = {
    "another-fingerprint": (("../frank.asc", "--fingerprint", "A" * 40), 3, "has another one"),
    "no-file": (("../frnak.asc",), 3, "../frnak.asc: there is no such file"),
    "nobody": (("frnak@example.com",), 3, "frnak@example.com: no such key"),
    "no-role": (("../frank.asc", "--role", "dbaa"), 3, "did you mean dba?"),
    "no-name-of-a-role": (("../frank.asc", "--role", "d b"), 2, "is not the name of a role"),
    "no-folder": (("../frank.asc", "--at", "aprat"), 3, "aprat: there is no such folder"),
    "no-day": (("../frank.asc", "--until", "31.12.2099"), 2, "is not a day such as 2027-03-31"),
    "a-day-that-passed": (("../frank.asc", "--until", "2020-01-01"), 2, "that day has passed"),
    "a-revoked-key": (("erin@example.com", "--role", "dba"), 3, "is revoked"),
}


@pytest.mark.parametrize(("words", "code", "said"), WRONG.values(), ids=WRONG)
def test_a_typo_changes_nothing_and_is_named(tree: Roles, words: tuple[str, ...], code: int, said: str) -> None:
    before = status(tree)
    ran = tree("onboard", *words, "-y")
    assert ran.status == code, ran.err
    assert said in ran.err
    assert (status(tree), FRANK in tree("keys", "list").text) == (before, False)


def test_a_dry_run_changes_nothing_and_tells_it_as_json(tree: Roles) -> None:
    before = status(tree)
    ran = tree.done("onboard", "../frank.asc", "--role", "dba", "--dry-run", "--format", "json")
    told = json.loads(ran.text)
    assert (told["done"], told["lists"], told["values"], told["files"]) == (False, [NAME], 1, 1)
    assert told["person"] == {"fingerprint": FRANK, "user_id": FRANKS, "roles": ["dba"], "until": None}
    assert (status(tree), FRANK in tree("keys", "list").text) == (before, False)


def test_a_new_tree_begins_with_its_first_member(tree: Roles, tmp_path: Path, tool: Tool) -> None:
    (tmp_path / "new").mkdir()
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "new")], check=True)
    new = Roles(tmp_path / "new", tool, tree.home)
    ran = new.done("onboard", "alice@example.com", "--role", "ops", "-y")
    assert "no recipients file has a block of the role ops" in ran.err
    new.done("recipients", "add", "@ops", "-y")
    assert new.text().startswith("# eyamlgpg: role ops\n")
    assert f"\n{known('alice').fingerprint}\n# eyamlgpg: end\n" in new.text()


def test_whoever_left_comes_back_with_the_key_among_the_former_ones(tree: Roles) -> None:
    tree.done(*JOIN)
    tree.commit()
    tree.done("offboard", FRANK, "-y")
    tree.done("onboard", FRANK, "--role", "dba", "-y")
    assert reads(tree)
    assert [path.name for path in (tree.root / ".eyamlgpg/keys").rglob("*.asc")] == [f"{FRANK}.asc"]
    assert (tree.root / KEY).exists()
