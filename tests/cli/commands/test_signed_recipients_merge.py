"""A merge of signed lists: no signature fits what comes of it; who may sign is said, and by which command."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.approved import ALICE, BOB, CAROL, PROD, ApprovedTree, build

SIGN = f"eyamlgpg recipients sign {PROD}"


@pytest.fixture
def tree(home: Callable[[str], Path], tmp_path: Path) -> ApprovedTree:
    """Alice signed on both branches: `main` lets Bob read, `topic` Carol."""
    tree = build(tmp_path / "control", home)
    tree.done("alice", "git", "install", "--no-yaml")
    tree.repository.commit()
    tree.repository.git("branch", "-f", "main")
    for branch, who in (("main", BOB), ("topic", CAROL)):
        tree.repository.git("switch", "-q", branch)
        tree.add_line(PROD, who)
        tree.done("alice", "recipients", "sign", "-y", PROD)
        tree.repository.commit()
    return tree


def test_a_merged_list_needs_a_new_signature_and_an_approver_gives_it(tree: ApprovedTree) -> None:
    merge = tree.repository.tried("merge", "main")
    assert tree.read(PROD) == f"{ALICE}\n{CAROL}\n{BOB}\n"
    [said] = [line for line in merge.stderr.splitlines() if "no signature fits" in line]
    assert said.startswith(f"eyamlgpg: {PROD}: no signature fits the merged list; one of the approvers looks at it")
    assert f"{SIGN}, then: git add {PROD} {PROD}.sig; approvers: Alice" in said
    assert ALICE in said
    for words, status in ((("recipients", "verify"), 1), (("git", "status"), 0)):
        ran = tree.by("bob", *words)
        assert ran.status == status
        # Git merges a signature as text where it has no zero byte, so that nothing can be read then.
        assert re.search(rf"{PROD}: (was changed after it was signed|has a signature that cannot)", ran.text + ran.err)
        assert f"an approver looks and signs: {SIGN}\n" in ran.err
        assert "approvers: Alice" in ran.err
    tree.done("alice", "recipients", "sign", "-y", PROD)
    tree.repository.git("add", PROD, f"{PROD}.sig")
    tree.repository.git("commit", "-qnm", "merged")
    assert tree.by("bob", "recipients", "verify").status == 0
    assert "not approved" not in tree.done("bob", "git", "status").err


def test_a_list_of_one_side_and_one_that_nobody_must_sign_are_merged_without_a_word_of_it(tree: ApprovedTree) -> None:
    tree.repository.git("checkout", "-q", "main", "--", PROD)
    tree.repository.commit()
    assert "no signature fits" not in tree.repository.tried("merge", "main").stderr
    tree.repository.tried("merge", "--abort")
    tree.repository.git("reset", "-q", "--hard", "HEAD~1")
    tree.policy()
    tree.repository.commit()
    assert "no signature fits" not in tree.repository.tried("merge", "main").stderr
