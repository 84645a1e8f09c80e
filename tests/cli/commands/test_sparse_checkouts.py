"""A sparse checkout that leaves out the policy or a list: nobody encrypts as if there were none."""

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.approved import BOB, CAROL, LIST, POLICY, PROD, ROOT, ApprovedTree, build, copied
from tests.support.keyrings import known
from tests.support.repository import Repository

ENCRYPTS = {
    "encrypt": ("encrypt", "-s", "x", "--for", "prod"),
    "encrypt in place": ("encrypt", "-i", "prod/a.eyaml", "--key", "db::host"),
    "set": ("set", "prod/a.eyaml", "db::password", "-s", "x"),
    "edit": ("edit", "prod/a.eyaml"),
    "recrypt": ("recrypt", "--all", "prod"),
    "add": ("recipients", "add", CAROL, "--at", "prod", "-y"),
    "check --fix": ("check", "--fix", "-y", "prod"),
}


@pytest.fixture(scope="module")
def built(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> ApprovedTree:
    return build(tmp_path_factory.mktemp("approved") / "control", home)


@pytest.fixture
def tree(built: ApprovedTree, tmp_path: Path) -> ApprovedTree:
    return copied(built, tmp_path / "control")


def sparse(tree: ApprovedTree, *patterns: str) -> None:
    tree.repository.git("status")  # a copy has other times, and git leaves what may be changed
    tree.repository.git("sparse-checkout", "set", *patterns)


def follow(tree: ApprovedTree, hint: str) -> None:
    """Run the command that an error proposes."""
    subprocess.run(shlex.split(hint.partition("check it out: ")[2]), check=True, capture_output=True)


@pytest.mark.parametrize("words", ENCRYPTS.values(), ids=ENCRYPTS)
def test_nobody_encrypts_to_an_unsigned_list_because_the_policy_is_left_out(
    tree: ApprovedTree, words: tuple[str, ...]
) -> None:
    tree.add_line(PROD)
    tree.repository.write("prod/a.eyaml", tree.read("prod/a.eyaml") + "db::secret: hunter2hunter2\n")
    tree.repository.commit()
    sparse(tree, "prod")
    assert not (tree.root / POLICY).exists()
    before = tree.read("prod/a.eyaml"), tree.read(PROD)
    ran = tree.by("alice", *words)
    assert ran.status == 3, ran
    assert f"{POLICY}: says that recipients must be signed, and this sparse checkout leaves it out" in ran.err
    assert (tree.read("prod/a.eyaml"), tree.read(PROD)) == before
    [hint] = [line for line in ran.err.splitlines() if "check it out" in line][:1]
    follow(tree, hint)
    ran = tree.by("alice", *words)
    assert ran.status == 3
    assert f"{PROD}: was changed after it was signed" in ran.err


def test_a_list_that_is_left_out_governs_all_the_same(tree: ApprovedTree) -> None:
    """Bob reads by the root's list, and not by that of `prod`."""
    sparse(tree, "--no-cone", f"/{ROOT}", "/prod/*.eyaml", "/.eyamlgpg")
    assert not (tree.root / PROD).exists()
    ran = tree.by("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")
    assert ran.status == 3
    assert f"{PROD}: governs prod, and this sparse checkout leaves it out" in ran.err
    [hint] = [line for line in ran.err.splitlines() if "check it out" in line]
    follow(tree, hint)
    tree.done("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")
    assert BOB not in tree.done("alice", "who", "prod", "--format", "json").text


def test_a_policy_that_asks_for_no_signature_may_be_left_out(tree: ApprovedTree) -> None:
    tree.policy()
    tree.repository.commit()
    sparse(tree, "prod")
    tree.done("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")


def test_a_linked_working_tree_and_a_tree_that_is_whole_again_are_told_apart(
    tree: ApprovedTree, tmp_path: Path
) -> None:
    words = ("set", "prod/a.eyaml", "db::password", "-s", "x")
    tree.repository.git("worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
    linked = ApprovedTree(Repository(tmp_path / "linked", tree.repository.home), tree.home)
    sparse(linked, "prod")
    assert (linked.by("alice", *words).status, tree.by("alice", *words).status) == (3, 0)
    linked.repository.git("sparse-checkout", "disable")
    assert linked.by("alice", *words).status == 0
    assert (linked.root / LIST).exists()


CHANGES = {
    "add": ("recipients", "add", CAROL, "--at", "prod", "-y"),
    "add --dry-run": ("recipients", "add", CAROL, "--at", "prod", "--dry-run"),
    "remove": ("recipients", "remove", BOB, "--at", "prod", "-y"),
    "onboard": ("onboard", "../carol.asc", "--at", "prod", "-y"),
}


@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("words", CHANGES.values(), ids=CHANGES)
def test_nobody_makes_a_new_list_where_one_is_left_out(
    tree: ApprovedTree, words: tuple[str, ...], *, is_signed: bool
) -> None:
    """It would begin as a copy of the one above, whose people could never read here."""
    (tree.root.parent / "carol.asc").write_bytes(known("carol").public)
    if not is_signed:
        tree.policy()
        tree.repository.commit()
    sparse(tree, "--no-cone", f"/{ROOT}*", "/prod/*.eyaml", "/.eyamlgpg")
    ran = tree.by("alice", *words)
    assert ran.status == 3, ran
    assert f"{PROD}: governs prod, and this sparse checkout leaves it out" in ran.err
    assert not (tree.root / PROD).exists()
    assert tree.repository.git("status", "--porcelain") == ""


def test_whoever_changes_other_lists_is_told_of_those_that_are_left_out(tree: ApprovedTree) -> None:
    sparse(tree, "--no-cone", f"/{ROOT}*", "/.eyamlgpg")
    ran = tree.done("alice", "recipients", "remove", BOB, "--everywhere", "-y")
    assert f"a sparse checkout leaves out recipients files, which stay as they are: {PROD}; run" in ran.err


def test_a_signature_that_is_left_out_is_not_called_missing(tree: ApprovedTree) -> None:
    sparse(tree, "--no-cone", f"/{ROOT}*", "/prod/*.eyaml", f"/{PROD}", "/.eyamlgpg")
    ran = tree.by("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")
    assert ran.status == 3
    assert f"{PROD}.sig: is the signature of {PROD}, and this sparse checkout leaves it out" in ran.err
    [hint] = [line for line in ran.err.splitlines() if "check it out" in line]
    follow(tree, hint)
    tree.done("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")
