"""What somebody who may push tries against signed recipients, and what an approver sees of it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import keyrings
from tests.support.approved import ALICE, BOB, CAROL, POLICY, PROD, ApprovedTree, build, copied
from tests.support.tool import Tool


@pytest.fixture(scope="module")
def built(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> ApprovedTree:
    return build(tmp_path_factory.mktemp("attacked") / "control", home)


@pytest.fixture
def tree(built: ApprovedTree, tmp_path: Path) -> ApprovedTree:
    return copied(built, tmp_path / "control")


UNREADABLE = {
    "setting-twice": f"version: 1\nrecipients:\n  signed_by: [{ALICE}]\n  signed_by: []\n",
    "section-twice": f"version: 1\nrecipients: {{signed_by: [{ALICE}]}}\nrecipients: {{}}\n",
    "merged-in": f"version: 1\nx: &a {{signed_by: [{ALICE}]}}\nrecipients:\n  <<: *a\n",
    "two-documents": f"version: 1\n---\nrecipients: {{signed_by: [{ALICE}]}}\n",
    "in-a-comment": "version: 1\nrecipients: # signed_by\n",
    "nobody": "version: 1\nrecipients: {signed_by: null}\n",
}
SPELLED = f'version: 1\nrecipients: {{"signed\\u005fby": [{ALICE}]}}\n'
ENCRYPTS = {
    "encrypt": ("encrypt", "-s", "x", "--for", "prod"),
    "set": ("set", "prod/a.eyaml", "db::password", "-s", "x"),
    "recrypt": ("recrypt", "prod"),
}


@pytest.mark.parametrize("words", ENCRYPTS.values(), ids=ENCRYPTS)
@pytest.mark.parametrize(
    "policy",
    [
        *(text.encode() for text in UNREADABLE.values()),
        *(UNREADABLE["nobody"].encode(name) for name in ("utf-16", "utf-16-le", "utf-32")),
        SPELLED.encode(),
    ],
    ids=[*UNREADABLE, "utf-16", "utf-16-le", "utf-32", "spelled-otherwise"],
)
def test_nothing_is_encrypted_by_a_policy_that_cannot_be_judged(
    tree: ApprovedTree, policy: bytes, words: tuple[str, ...]
) -> None:
    (tree.root / POLICY).write_bytes(policy)
    tree.add_line(PROD)
    before = tree.read("prod/a.eyaml")
    ran = tree.by("alice", *words)
    assert (ran.status, ran.out, tree.read("prod/a.eyaml")) == (3, b"", before)
    assert f"{POLICY}:" in ran.err


def test_a_policy_that_is_a_link_names_no_approvers_that_count(tree: ApprovedTree) -> None:
    """Else the default branch would have one that `check` does not follow, and so approvers that are never compared."""
    tree.repository.git("mv", POLICY, ".eyamlgpg/real.yaml")
    (tree.root / POLICY).symlink_to("real.yaml")
    for words in (("recipients", "sign", "-y"), ENCRYPTS["set"]):
        ran = tree.by("alice", *words)
        assert (ran.status, f"{POLICY}: is a link, or stands behind one" in ran.err) == (3, True)


@pytest.mark.parametrize("is_built_upon", [False, True], ids=["alone", "under-a-proposal"])
def test_a_line_that_was_pushed_to_the_default_branch_is_shown_to_who_signs(
    tree: ApprovedTree, *, is_built_upon: bool
) -> None:
    tree.add_line(PROD, CAROL)
    tree.repository.commit()
    tree.repository.git("branch", "-qf", "main", "topic")
    if is_built_upon:
        tree.add_line(PROD, BOB)
    ran = tree.done("alice", "recipients", "sign", "-y")
    doubt = f"was changed after it was signed (by the key {ALICE[-16:]})"
    assert f"{PROD} (main): {doubt}, so all of it is shown as new" in ran.text
    assert f"{PROD}: lets read Carol Chen <carol@example.com>, {CAROL}" in ran.text
    assert (f"{PROD}: lets read Bob Brown <bob@example.com>, {BOB}" in ran.text) is is_built_upon


CHANGES = {
    "add": ("recipients", "add", CAROL, "--at", "prod"),
    "remove": ("recipients", "remove", BOB, "--at", "prod"),
    "onboard": ("onboard", CAROL, "--at", "prod", "-y"),
    "offboard": ("offboard", BOB, "-y"),
}


@pytest.mark.parametrize("words", CHANGES.values(), ids=CHANGES)
def test_an_approver_signs_nothing_unseen_on_a_branch_with_approvers_of_its_own(
    tree: ApprovedTree, words: tuple[str, ...]
) -> None:
    """What bob put into the list there would bear alice's signature, which counts on the default branch as well."""
    tree.policy(ALICE, BOB)
    tree.add_line(PROD)
    tree.done("bob", "recipients", "sign", "-y")
    before = tree.read(PROD)
    ran = tree.by("alice", *words)
    assert (ran.status, tree.read(PROD)) == (3, before)
    assert f"{POLICY}: names other approvers than on the default branch, and none of those signed it" in ran.err


def test_an_approver_who_agreed_to_new_approvers_goes_on_at_once(tree: ApprovedTree) -> None:
    tree.policy(ALICE, BOB)
    tree.done("alice", "recipients", "sign", "-y")
    assert f"{PROD}.sig: signed by" in tree.done("alice", "recipients", "add", BOB, "--at", "prod").err


def test_a_key_put_back_without_its_revocation_does_not_hide_that_of_the_default_branch(
    tree: ApprovedTree, fresh_home: Path
) -> None:
    key = keyrings.make_key(fresh_home)
    stored = f".eyamlgpg/keys/{key}.asc"
    live = keyrings.gpg(fresh_home, "--export", key)
    tree.policy(key)
    tree.repository.git("branch", "-qm", "main", "trunk")
    ran = Tool()("recipients", "sign", "-y", home=fresh_home, cwd=tree.root)
    assert ran.status == 0, ran.err
    keyrings.revoke(fresh_home, key)
    tree.repository.write(stored, keyrings.gpg(fresh_home, "--armor", "--export", key).decode())
    tree.repository.commit()
    tree.repository.git("branch", "-q", "main")
    # Without armor: gpg takes what follows for the same, and passes over the armored block.
    (tree.root / stored).write_bytes(live)
    ran = Tool()("check", "--keyring", "repo", cwd=tree.root)
    assert f"{PROD}: error: is signed by" in ran.text
    assert "whose key was revoked [recipients-bad-signature]" in ran.text


@pytest.mark.parametrize("command", ["check", "sign"])
def test_a_tag_does_not_pass_for_a_branch_that_was_not_fetched(tree: ApprovedTree, command: str) -> None:
    """As in a job whose clone has one branch and all tags."""
    words = {"check": ("check", "--keyring", "repo"), "sign": ("recipients", "sign", "-y")}[command]
    tree.policy(BOB)
    tree.done("bob", "recipients", "sign", "-y")
    tree.repository.commit()
    tree.repository.git("tag", "origin/main", "topic")
    ran = tree.by("bob", *words, "--approved-in", "origin/main")
    assert (ran.status, ran.out) == (3, b"")
    assert "origin/main: is a tag here, and not a branch" in ran.err
    ran = tree.by("bob", *words, "--approved-in", "refs/tags/origin/main")
    assert "approvers-changed" not in ran.text
    assert "is a tag" not in ran.err


def test_an_empty_name_of_a_commit_is_told(tree: ApprovedTree) -> None:
    ran = tree.by("bob", "check", "--approved-in", "")
    assert (ran.status, "(nothing): names no commit of this repository" in ran.err) == (3, True)


def test_a_policy_that_cannot_be_looked_at_is_an_error(tree: ApprovedTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails at any of the looks at it, an unsigned list does not count all the same."""
    tree.add_line(PROD)
    policy, looks, failing = os.fspath(tree.root / POLICY), [0], [0]

    def failing_once(real: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def look(path: Any, *words: Any, **more: Any) -> os.stat_result:
            looks[0] += path == policy or path == Path(policy)
            if (path == policy or path == Path(policy)) and looks[0] == failing[0]:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(path, *words, **more)

        return look

    monkeypatch.setattr(os, "stat", failing_once(os.stat))
    monkeypatch.setattr(os, "lstat", failing_once(os.lstat))
    for number in range(1, 100):
        looks[0], failing[0] = 0, number
        assert tree.by("bob", "set", "prod/a.eyaml", "db::new", "-s", "x").status == 3, number
        assert "db::new" not in tree.read("prod/a.eyaml")
        if looks[0] < number:
            break
    assert number > 2
