"""Signed recipients as their users have them: who may push cannot let themself read, and an approver can let them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.approved import ALICE, BOB, CAROL, LIST, PEOPLE, POLICY, PROD, ROOT, ApprovedTree, build, copied
from tests.support.tool import Ran, Tool

REFUSED = f"{PROD}: was changed after it was signed (by the key {ALICE[-16:]})"
WAY_ON = f"one of the approvers looks at it and signs it: eyamlgpg recipients sign {PROD}"


@pytest.fixture(scope="module")
def built(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> ApprovedTree:
    return build(tmp_path_factory.mktemp("approved") / "control", home)


@pytest.fixture
def tree(built: ApprovedTree, tmp_path: Path) -> ApprovedTree:
    return copied(built, tmp_path / "control")


def rules(ran: Ran) -> list[tuple[str, str]]:
    """What a check says of signatures: the rule, and the file."""
    found = json.loads(ran.out)["findings"]
    ours = ("recipients-unsigned", "recipients-bad-signature", "recipients-approvers-changed")
    return [(one["rule"].removeprefix("recipients-"), one["path"]) for one in found if one["rule"] in ours]


def checked(tree: ApprovedTree, *words: str, who: str = "alice") -> list[tuple[str, str]]:
    return rules(tree.by(who, "check", "--format", "json", *words))


def in_ci(tree: ApprovedTree, *words: str) -> list[tuple[str, str]]:
    """As a job has it: no keyring, and the keys of the repository alone."""
    ran = Tool()("check", "--keyring", "repo", "--format", "json", *words, cwd=tree.root)
    return rules(ran)


ENCRYPTS = {
    "encrypt": ("encrypt", "-s", "x", "--for", "prod"),
    "set": ("set", "prod/a.eyaml", "db::password", "-s", "x"),
    "edit": ("edit", "prod/a.eyaml"),
    "recrypt": ("recrypt", "prod"),
    "recrypt --all": ("recrypt", "--all", "prod"),
    "recrypt --check": ("recrypt", "--check", "prod"),
}
CHANGES = {
    "add": ("recipients", "add", CAROL, "--at", "prod"),
    "add --everywhere": ("recipients", "add", CAROL, "--everywhere"),
    "add --dry-run": ("recipients", "add", CAROL, "--at", "prod", "--dry-run"),
    "add --no-recrypt": ("recipients", "add", CAROL, "--at", "prod", "--no-recrypt"),
    "remove": ("recipients", "remove", BOB, "--at", "prod"),
    "replace": ("recipients", "replace", BOB, CAROL),
    "pin": ("recipients", "pin", "prod"),
    "offboard": ("offboard", BOB, "-y"),
    "onboard": ("onboard", CAROL, "--at", "prod", "-y"),
}


@pytest.mark.parametrize("who", ["alice", "bob"])
@pytest.mark.parametrize("words", [*ENCRYPTS.values(), *CHANGES.values()], ids=[*ENCRYPTS, *CHANGES])
def test_nothing_is_encrypted_or_changed_by_a_list_that_is_not_signed_as_it_is(
    tree: ApprovedTree, words: tuple[str, ...], who: str
) -> None:
    tree.add_line(PROD)
    before = {path: path.read_bytes() for path in tree.root.rglob("*") if path.is_file() and ".git" not in path.parts}
    ran = tree.by(who, *words)
    assert (ran.status, ran.err.count(REFUSED), ran.err.count(WAY_ON)) == (3, 1, 1)
    assert before == {
        path: path.read_bytes() for path in tree.root.rglob("*") if path.is_file() and ".git" not in path.parts
    }
    if words in CHANGES.values():
        assert "nothing was changed, for what is not approved must not be built upon" in ran.err


def test_the_files_that_are_signed_are_read_and_written_as_ever(tree: ApprovedTree) -> None:
    tree.done("alice", "set", "prod/a.eyaml", "db::password", "-s", "neu")
    assert tree.done("alice", "get", "prod/a.eyaml", "db::password").out == b"neu"
    assert tree.done("bob", "encrypt", "-s", "x", "--for", ".", "-o", "string").out.startswith(b"ENC[GPG,")
    assert (checked(tree), in_ci(tree), in_ci(tree, "--staged")) == ([], [], [])
    assert "4 files approved" in tree.done("bob", "recipients", "verify").err


def test_a_key_that_ci_does_not_have_is_told_with_the_way_to_store_it(tree: ApprovedTree) -> None:
    (tree.root / f".eyamlgpg/keys/{ALICE}.asc").unlink()
    tree.repository.git("branch", "-qm", "main", "trunk")
    ran = Tool()("check", "--keyring", "repo", cwd=tree.root)
    assert f"{PROD}: error: is signed by the key {ALICE}, which is not at hand [recipients-bad-signature]" in ran.text
    assert "store it: eyamlgpg keys export ID" in ran.text


def test_what_reads_still_reads_a_list_that_is_not_signed(tree: ApprovedTree) -> None:
    """Else nobody could look at a proposal."""
    tree.add_line(PROD)
    assert tree.done("alice", "get", "prod/a.eyaml", "db::password").out == b"geheim"
    assert BOB in tree.done("bob", "recipients", "list", "prod").text
    assert tree.by("bob", "who", "prod").status == 0


def test_somebody_proposes_an_approver_signs_and_the_values_follow(tree: ApprovedTree) -> None:
    before = tree.read("prod/a.eyaml")
    ran = tree.done("bob", "recipients", "add", "bob@example.com", "--at", "prod")
    assert BOB in tree.read(PROD)
    assert "proposed, and waits for an approver (Alice" in ran.err
    assert f"to approve it: eyamlgpg recipients sign {PROD}, then: eyamlgpg recrypt prod" in ran.err
    assert tree.read("prod/a.eyaml") == before
    assert checked(tree) == in_ci(tree) == [("bad-signature", PROD)]
    signed = tree.done("alice", "recipients", "sign", PROD, "-y")
    assert f"{PROD}: lets read Bob Brown <bob@example.com>, {BOB}" in signed.text
    tree.done("alice", "recrypt")
    assert tree.done("bob", "get", "prod/a.eyaml", "db::password").out == b"geheim"
    assert (checked(tree), in_ci(tree)) == ([], [])


def test_an_approver_signs_what_they_change_in_the_same_run_unless_told_not_to(tree: ApprovedTree) -> None:
    ran = tree.done("alice", "recipients", "add", "bob@example.com", "--at", "prod")
    assert f"{PROD}.sig: signed by {ALICE}" in ran.err
    assert (checked(tree), tree.done("bob", "get", "prod/a.eyaml", "db::password").out) == ([], b"geheim")
    before = tree.read("prod/a.eyaml")
    ran = tree.done("alice", "recipients", "remove", "bob@example.com", "--at", "prod", "--no-sign")
    assert "proposed, and waits for an approver" in ran.err
    assert (tree.read("prod/a.eyaml"), checked(tree)) == (before, [("bad-signature", PROD)])


def test_who_insists_on_signing_must_be_an_approver_and_nothing_is_written_otherwise(tree: ApprovedTree) -> None:
    ran = tree.by("bob", "recipients", "add", "bob@example.com", "--at", "prod", "--sign")
    assert (ran.status, BOB in tree.read(PROD)) == (3, False)
    assert "--sign: none of the approvers' secret keys is on this keyring" in ran.err


def test_roles_and_people_are_signed_with_the_lists(tree: ApprovedTree) -> None:
    tree.done("alice", "recipients", "add", "@ops", "--at", "prod")
    tree.repository.write(PEOPLE, tree.read(PEOPLE).replace("[ops]", "[ops, dba]"))
    ran = tree.by("alice", "recipients", "sync")
    assert (ran.status, f"{PEOPLE}: was changed after it was signed" in ran.err) == (3, True)
    assert checked(tree) == [("bad-signature", PEOPLE)]


def test_an_approver_lets_somebody_join_and_go_in_one_run(tree: ApprovedTree) -> None:
    tree.done("alice", "onboard", CAROL, "--role", "ops", "--at", "prod", "-y")
    assert (CAROL in tree.read(PROD), CAROL in tree.read(PEOPLE), checked(tree)) == (True, True, [])
    tree.done("alice", "offboard", CAROL, "-y")
    assert (CAROL in tree.read(PROD), CAROL in tree.read(PEOPLE), checked(tree)) == (False, False, [])


@pytest.mark.parametrize(
    ("words", "list_"),
    [(("onboard", CAROL, "--role", "ops", "--at", "prod", "-y"), PROD), (("offboard", BOB, "-y"), ROOT)],
    ids=["onboard", "offboard"],
)
def test_who_joins_or_goes_by_a_proposal_is_told_that_the_values_wait(
    tree: ApprovedTree, words: tuple[str, ...], list_: str
) -> None:
    before = tree.read("prod/a.eyaml")
    ran = tree.done("bob", *words)
    assert f"to approve it: eyamlgpg recipients sign {PEOPLE if 'onboard' in words else list_}" in ran.err
    assert "have an approver look at it and sign it" in ran.text
    assert ("Re-encrypted" in ran.text, tree.read("prod/a.eyaml")) == (False, before)
    assert ("bad-signature", list_) in checked(tree)


def test_the_policy_itself_must_be_signed(tree: ApprovedTree) -> None:
    with (tree.root / POLICY).open("a") as file:
        file.write("check: {fail_on: error}\n")
    ran = tree.by("alice", "encrypt", "-s", "x", "--for", "prod")
    assert (ran.status, f"{POLICY}: was changed after it was signed" in ran.err) == (3, True)
    assert checked(tree) == in_ci(tree) == [("bad-signature", POLICY)]


def test_a_policy_in_a_folder_below_does_not_hide_the_one_that_counts(tree: ApprovedTree) -> None:
    tree.repository.write("prod/.eyamlgpg/policy.yaml", "version: 1\n")
    tree.add_line(PROD)
    ran = tree.by("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")
    assert (ran.status, REFUSED in ran.err) == (3, True)


@pytest.mark.parametrize("is_link", [False, True], ids=["copy", "link"])
def test_a_signed_list_counts_in_its_own_place_alone(tree: ApprovedTree, *, is_link: bool) -> None:
    for name in (LIST, f"{LIST}.sig"):
        place = tree.root / "prod" / name
        place.unlink()
        if is_link:
            place.symlink_to(f"../{name}")
        else:
            place.write_bytes((tree.root / name).read_bytes())
    ran = tree.by("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")
    assert (ran.status, f"that is for {ROOT}" in ran.err) == (3, True)
    assert checked(tree) == [("bad-signature", PROD)]
    tree.repository.git("add", "-A")
    assert in_ci(tree, "--staged") == [("bad-signature", PROD)]
    tree.done("alice", "recipients", "sign", "-y")
    tree.done("alice", "set", "prod/a.eyaml", "db::password", "-s", "x")


@pytest.mark.parametrize("form", ["option", "file", "config", "config-file"])
def test_recipients_that_come_another_way_do_not_get_past_the_lists(tree: ApprovedTree, form: str) -> None:
    """The root's list is signed, but not for what another one governs."""
    words = {"option": ("--gpg-recipients", BOB), "file": ("--gpg-recipients-file", ROOT)}.get(form, ())
    setting = {"config": f"gpg_recipients: {BOB}\n", "config-file": f"gpg_recipients_file: {ROOT}\n"}.get(form)
    if setting is not None:
        tree.repository.write(".eyaml/config.yaml", setting)
    ran = tree.by("alice", "encrypt", "-s", "x", "--for", "prod", *words)
    assert (ran.status, ran.out) == (3, b"")
    assert "are not" in ran.err or f"is not approved for prod, since {PROD} governs prod" in ran.err


def test_a_list_outside_of_the_tree_does_not_count(tree: ApprovedTree) -> None:
    for name in (LIST, f"{LIST}.sig"):
        (tree.root / name).rename(tree.root.parent / name)
    tree.repository.write("a.eyaml", "a: DEC::GPG[x]!\n")
    ran = tree.by("alice", "encrypt", "-i", "-e", "a.eyaml")
    assert (ran.status, "stands outside of" in ran.err, "DEC" in tree.read("a.eyaml")) == (3, True, True)


def test_a_check_of_the_next_commit_holds_what_is_staged_against_what_is_staged(tree: ApprovedTree) -> None:
    tree.done("alice", "recipients", "add", "bob@example.com", "--at", "prod")
    tree.repository.git("add", PROD)
    assert in_ci(tree, "--staged") == [("bad-signature", PROD)]
    tree.repository.git("add", f"{PROD}.sig", "prod/a.eyaml")
    assert in_ci(tree, "--staged") == []
    tree.repository.git("rm", "-q", "--cached", f"{PROD}.sig")
    assert in_ci(tree, "--staged") == [("unsigned", PROD)]


def test_a_hook_names_no_baseline_as_a_way_out(tree: ApprovedTree) -> None:
    tree.done("bob", "recipients", "add", "bob@example.com", "--at", "prod")
    tree.repository.git("add", "-A")
    index = {"GIT_INDEX_FILE": str(tree.root / ".git" / "index")}
    ran = Tool()("check", "--staged", home=tree.home("bob"), cwd=tree.root, environ=index)
    assert ran.status == 1
    assert ran.err.endswith("errors; mend them, or commit all the same: git commit --no-verify\n")


def test_a_signature_that_alone_goes_is_told(tree: ApprovedTree) -> None:
    tree.repository.git("rm", "-q", f"{PROD}.sig", f"{POLICY}.sig")
    unsigned = [("unsigned", POLICY), ("unsigned", PROD)]
    assert (in_ci(tree, "--staged"), checked(tree)) == (unsigned, unsigned)


def test_no_baseline_accepts_what_is_not_signed(tree: ApprovedTree) -> None:
    tree.add_line(PROD)
    tree.done("alice", "check", "--update-baseline")
    assert "signature" not in tree.read(".eyamlgpg/baseline.yaml")
    assert checked(tree) == [("bad-signature", PROD)]
    accepted = tree.read(".eyamlgpg/baseline.yaml")
    entry = f"  - file: {PROD}\n    rule: recipients-bad-signature\n    reason: trust me\n"
    tree.repository.write(".eyamlgpg/baseline.yaml", accepted + entry)
    assert checked(tree) == [("bad-signature", PROD)]


class TestApprovers:
    """Who may push cannot make themself an approver, or take the approvers away; an approver can."""

    def test_who_names_themself_is_told_by_the_default_branch(self, tree: ApprovedTree) -> None:
        tree.policy(BOB)
        ran = tree.done("bob", "recipients", "sign", "-y")
        assert f"{POLICY}: names other approvers than on main, of whom one must sign it as well: Alice" in ran.err
        assert checked(tree, who="bob") == in_ci(tree) == [("approvers-changed", POLICY)]
        tree.repository.git("add", "-A")
        assert in_ci(tree, "--staged") == [("approvers-changed", POLICY)]
        tree.repository.commit()
        assert in_ci(tree) == [("approvers-changed", POLICY)]

    @pytest.mark.parametrize("is_gone", [False, True], ids=["without-the-setting", "without-a-policy"])
    def test_who_takes_them_away_is_told(self, tree: ApprovedTree, *, is_gone: bool) -> None:
        tree.policy()
        if is_gone:
            tree.repository.git("rm", "-qrf", ".eyamlgpg/policy.yaml", ".eyamlgpg/policy.yaml.sig")
        tree.repository.git("add", "-A")
        told = [("approvers-changed", POLICY)]
        assert (checked(tree), in_ci(tree), in_ci(tree, "--staged")) == (told, told, told)

    def test_an_approver_hands_over_and_both_sign(self, tree: ApprovedTree) -> None:
        tree.policy(BOB)
        tree.done("bob", "recipients", "sign", "-y")
        signed = tree.done("alice", "recipients", "sign", POLICY, "-y")
        assert f"-  signed_by: [{ALICE}]" in signed.text
        ran = Tool()("check", "--keyring", "repo", "--format", "json", cwd=tree.root)
        assert rules(ran) == []
        assert f"{POLICY}: changes the approvers, as {ALICE} of main agreed: +{BOB} -{ALICE}" in ran.err
        tree.done("bob", "recipients", "verify")

    def test_an_approver_turns_it_off(self, tree: ApprovedTree) -> None:
        tree.policy()
        tree.done("alice", "recipients", "sign", "-y")
        assert (checked(tree), in_ci(tree)) == ([], [])

    def test_the_commit_can_be_named_and_is_told_where_there_is_none(self, tree: ApprovedTree) -> None:
        tree.policy(BOB)
        tree.done("bob", "recipients", "sign", "-y")
        tree.repository.git("branch", "-qm", "main", "trunk")
        ran = tree.by("bob", "check", "--format", "json")
        assert (rules(ran), "no default branch was found; name it: --approved-in REV" in ran.err) == ([], True)
        assert checked(tree, "--approved-in", "trunk") == [("approvers-changed", POLICY)]
        ran = tree.by("bob", "check", "--approved-in", "mian")
        assert (ran.status, "mian: names no commit of this repository" in ran.err) == (3, True)

    @pytest.mark.parametrize("words", [(), ("--approved-in", "origin/main")], ids=["by-itself", "named"])
    def test_a_tag_does_not_pass_for_the_default_branch(self, tree: ApprovedTree, words: tuple[str, ...]) -> None:
        tree.repository.git("update-ref", "refs/remotes/origin/main", "main")
        tree.policy(BOB)
        tree.done("bob", "recipients", "sign", "-y")
        tree.repository.commit()
        tree.repository.git("tag", "origin/main", "topic")
        assert in_ci(tree, *words) == [("approvers-changed", POLICY)]

    def test_what_others_pushed_goes_before_what_is_only_here(self, tree: ApprovedTree) -> None:
        tree.repository.git("update-ref", "refs/remotes/origin/trunk", "main")
        tree.repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
        tree.policy(BOB)
        tree.done("bob", "recipients", "sign", "-y")
        tree.repository.commit()
        tree.repository.git("branch", "-qf", "main", "topic")
        assert in_ci(tree) == [("approvers-changed", POLICY)]


def test_a_list_that_is_put_back_with_its_earlier_signature_is_told(tree: ApprovedTree) -> None:
    tree.done("alice", "recipients", "add", "bob@example.com", "--at", "prod")
    tree.repository.commit()
    later = tree.root.parent / "later.sig"
    sign_later(tree, PROD, later)
    tree.repository.write(f"{PROD}.sig", later.read_text())
    tree.repository.commit()
    tree.repository.git("branch", "-qf", "main", "topic")
    assert in_ci(tree) == []
    tree.repository.git("checkout", "-q", "main~2", "--", PROD, f"{PROD}.sig")
    assert in_ci(tree) == [("bad-signature", PROD)]


def sign_later(tree: ApprovedTree, path: str, target: Path) -> None:
    """Alice's signature of a moment later, without waiting for it."""
    signature = keyrings.gpg(
        tree.home("alice"),
        *("--armor", "--detach-sign", "--sig-notation", f"path@eyamlgpg={path}", "--output", "-"),
        stdin=tree.read(path).encode(),
        at=datetime.now(UTC) + timedelta(minutes=1),
    )
    target.write_bytes(signature)


class TestSign:
    """`recipients sign` and `verify`, and what they say to a beginner."""

    def test_who_is_not_an_approver_is_told_who_is(self, tree: ApprovedTree) -> None:
        tree.add_line(PROD)
        ran = tree.by("bob", "recipients", "sign", "-y")
        assert ran.status == 3
        assert f"{PROD}: must be signed by an approver, and you are not one\neyamlgpg:   approvers: Alice" in ran.err

    def test_it_asks_and_signs_nothing_without_an_answer(self, tree: ApprovedTree) -> None:
        tree.add_line(PROD)
        before = tree.read(f"{PROD}.sig")
        ran = tree.by("alice", "recipients", "sign")
        assert (ran.status, tree.read(f"{PROD}.sig")) == (3, before)
        assert "Approve 1 file as Alice" in ran.err
        assert f"+{BOB}" in ran.text

    def test_what_is_signed_is_left_as_it_is(self, tree: ApprovedTree) -> None:
        before = tree.read(f"{PROD}.sig")
        for words in ((), (PROD,), (".",)):
            ran = tree.done("alice", "recipients", "sign", *words)
            assert "there was nothing to do" in ran.err
        assert tree.read(f"{PROD}.sig") == before

    def test_two_approvers_sign_one_file(self, tree: ApprovedTree) -> None:
        tree.policy(ALICE, BOB)
        tree.done("alice", "recipients", "sign", "-y")
        tree.done("bob", "recipients", "sign", PROD, "-y")
        tree.policy(BOB)
        tree.done("bob", "recipients", "sign", POLICY, "-y")
        assert f"{PROD}: approved by Bob" in tree.by("bob", "recipients", "verify", PROD).text
        tree.policy(ALICE)
        assert f"{PROD}: approved by Alice" in tree.by("bob", "recipients", "verify", PROD).text

    @pytest.mark.parametrize(
        ("words", "status", "said"),
        [
            (("sign", "nowhere"), 3, "nowhere: there is no such file or folder"),
            (("sign", "prod/a.eyaml"), 3, "prod/a.eyaml: is neither a recipients file nor the policy"),
            (("sign", f"{PROD}.sig"), 3, "is neither a recipients file nor the policy"),
            (("sign", "/etc/passwd"), 3, "/etc/passwd: stands outside of"),
            (("sign", "--approved-in", "mian"), 3, "mian: names no commit of this repository"),
            (("sgin",), 2, "sign"),
            (("verify", "nowhere"), 3, "nowhere: there is no such file or folder"),
            (("verify", "--format", "yaml"), 2, "--format"),
        ],
    )
    def test_a_wrong_word_is_told(self, tree: ApprovedTree, words: tuple[str, ...], status: int, said: str) -> None:
        ran = tree.by("alice", "recipients", *words)
        assert (ran.status, said in ran.err, ran.out) == (status, True, b"")

    def test_verify_tells_programs_who_approved_what(self, tree: ApprovedTree) -> None:
        tree.add_line(PROD)
        (tree.root / f"{ROOT}.sig").unlink()
        ran = tree.by("bob", "recipients", "verify", "--format", "json")
        told = json.loads(ran.out)
        assert (ran.status, told["schema_version"], told["approvers"]) == (1, 1, [ALICE])
        by_path = {one["path"]: one for one in told["files"]}
        assert {path: one["status"] for path, one in by_path.items()} == {
            POLICY: "signed",
            PEOPLE: "signed",
            ROOT: "unsigned",
            PROD: "bad",
        }
        assert by_path[POLICY]["signed_by"] == ALICE
        assert by_path[POLICY]["at"].endswith("Z")
        assert (by_path[PROD]["signed_by"], by_path[PROD]["problem"]) == (None, REFUSED.removeprefix(f"{PROD}: "))
        assert "2 files of 4 not approved; an approver looks and signs: eyamlgpg recipients sign" in ran.err

    def test_without_approvers_nothing_must_be_signed(self, tree: ApprovedTree) -> None:
        tree.policy()
        tree.repository.git("branch", "-qm", "main", "trunk")
        ran = tree.done("alice", "recipients", "verify")
        assert (ran.out, "names no approvers, so nothing must be signed" in ran.err) == (b"", True)
        ran = tree.by("alice", "recipients", "sign")
        assert (ran.status, f"{POLICY}: names no approvers" in ran.err) == (3, True)
