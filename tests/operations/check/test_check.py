"""`check` over a tree in memory: what is looked at, in which order it is told, and what keeps it from nothing."""

import pytest

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.formats.settings import policy
from eyamlgpg.formats.settings.baseline import Accepted
from eyamlgpg.operations.check.report import CheckReport, Terms
from eyamlgpg.rules.access import no_recipients
from tests.support.checks import (
    CLEAR,
    FEWER,
    GOOD,
    LIST,
    MASTER,
    OUTSIDE,
    RECIPIENTS,
    SOUND,
    Scene,
    found,
    staged,
    told,
)
from tests.support.fakes import FakeTree
from tests.support.keys import fingerprint


def test_a_sound_tree_is_counted_and_has_no_finding() -> None:
    assert Scene(FakeTree(SOUND)).run() == CheckReport((), files=2, values=1, excepted=0)


def test_the_keyring_is_asked_for_only_where_somebody_is_to_read() -> None:
    scene = Scene(FakeTree({"a.eyaml": "a: 1\n"}), keys=())
    assert (found(scene.run()), scene.asked) == ([], 0)


def test_findings_come_by_file_in_the_trees_order_and_then_by_line() -> None:
    files = {"b.eyaml": f"a: 1\n{CLEAR}{CLEAR}", "a.eyaml": f"{CLEAR}b: ENC[GPG,x\n"}
    assert told(files) == [
        ("plaintext-key-name", "a.eyaml", 1),
        ("format-unterminated", "a.eyaml", 2),
        ("plaintext-key-name", "b.eyaml", 2),
        ("format-duplicate-key", "b.eyaml", 3),
        ("plaintext-key-name", "b.eyaml", 3),
    ]


def test_a_file_that_cannot_be_read_is_an_error_and_the_others_are_looked_at() -> None:
    files = {"a.eyaml": CLEAR, "b.eyaml": GOOD, "c.eyaml": CLEAR}
    checked = Scene(FakeTree(files, unreadable=("a.eyaml", "b.eyaml"), shut={"closed": "Permission denied"})).run()
    assert found(checked) == [("plaintext-key-name", "c.eyaml", 1)]
    assert [error.sentence for error in checked.errors] == [
        "closed: cannot be read: Permission denied",
        "a.eyaml: cannot be read: it is not there",
        "b.eyaml: cannot be read: it is not there",
    ]


def test_recipients_that_cannot_be_read_are_told_once_for_all_that_they_govern() -> None:
    files = {"a.eyaml": GOOD, "b.eyaml": f"{GOOD}{CLEAR}", "sub/c.eyaml": CLEAR}
    checked = Scene(FakeTree(files, written={RECIPIENTS: "../elsewhere"})).run()
    assert found(checked) == [("plaintext-key-name", "sub/c.eyaml", 1)]
    assert len(checked.errors) == 1


def test_without_a_keyring_nobody_is_judged_and_all_else_is_found() -> None:
    """One error for all that could not be judged; neither the list nor what was accepted of its readers is at fault."""
    files = {RECIPIENTS: LIST, "a.eyaml": f"{GOOD}{CLEAR}", "b.eyaml": f"{GOOD}c: ENC[GPG,x\n"}
    checked = Scene(FakeTree(files), keys=(), entries=[Accepted("a.eyaml", "access-missing", None, "ours")]).run()
    assert found(checked) == [("plaintext-key-name", "a.eyaml", 2), ("format-unterminated", "b.eyaml", 2)]
    assert [error.sentence for error in checked.errors] == ["gpg was not found"]


def test_a_secret_in_a_recipients_file_is_found_without_a_keyring() -> None:
    token = f"ghp_{'a1B2' * 9}"
    checked = Scene(FakeTree({RECIPIENTS: f"{LIST}{token}\n", "a.eyaml": GOOD}), keys=()).run()
    assert [finding.rule for finding in checked.findings] == ["plaintext-provider-token"]


def test_the_next_commit_is_looked_at_without_a_keyring() -> None:
    checked = Scene(
        staged(SOUND, {RECIPIENTS: FEWER, "a.eyaml": f"{GOOD}{CLEAR}"}, "a.eyaml", RECIPIENTS), keys=()
    ).run()
    assert found(checked) == [("plaintext-key-name", "a.eyaml", 2)]
    assert (checked.changes, len(checked.errors)) == ((), 1)


# what is looked at


def test_yaml_counts_under_recipients_or_where_something_is_encrypted_and_other_files_where_they_are_named() -> None:
    files = {
        "apart/plain.yaml": CLEAR,
        "apart/token.yml": f"{GOOD}{CLEAR}",
        "apart/marker.yaml": "a: DEC::GPG[x]!\n",
        "data/plain.yaml": CLEAR,
        "data/readme.md": CLEAR,
        f"data/{RECIPIENTS}": LIST,
    }
    everywhere = [
        ("plaintext-edit-marker", "apart/marker.yaml", 1),
        ("access-no-recipients", "apart/token.yml", None),
        ("plaintext-key-name", "apart/token.yml", 2),
        ("plaintext-key-name", "data/plain.yaml", 1),
    ]
    assert told(files) == everywhere
    assert told(files, paths=("apart/plain.yaml",)) == [("plaintext-key-name", "apart/plain.yaml", 1)]
    assert told(files, paths=("data/readme.md",)) == [("plaintext-key-name", "data/readme.md", 1)]


def test_a_copy_of_an_editor_is_told_by_its_name_and_never_read() -> None:
    assert told({"a.eyaml~": CLEAR}, unreadable=("a.eyaml~",)) == [("plaintext-editor-leftover", "a.eyaml~", None)]


def test_files_of_ours_are_searched_for_secrets_by_their_form_alone() -> None:
    files = {".eyamlgpg/notes": f"{CLEAR}see https://bob:Rosinenbrot7@example.com/\n"}
    assert told(files) == [("plaintext-url-credentials", ".eyamlgpg/notes", 2)]


@pytest.mark.parametrize("path", [".eyamlgpg/old.eyaml", ".eyamlgpg/data/s.yaml", ".eyamlgpg/keys/S.YML"])
def test_data_among_the_settings_is_an_error_and_is_looked_into(path: str) -> None:
    """A hiera.yaml may name that folder, and no other command looks there."""
    expected = [("format-among-settings", path, None), ("plaintext-key-name", path, 1)]
    assert told({path: CLEAR}) == expected
    assert told({path: CLEAR}, paths=(path,)) == expected


@pytest.mark.parametrize("name", ["policy", "people", "baseline"])
def test_what_we_read_ourselves_is_no_data(name: str) -> None:
    assert told({f".eyamlgpg/{name}.yaml": CLEAR}) == []


@pytest.mark.parametrize("path", ["data/A.EYAML", "data/a.Eyaml", "data/b.YAML", "data/c.YML"])
def test_the_ending_of_a_name_may_be_written_in_capitals(path: str) -> None:
    assert ("plaintext-key-name", path, 1) in told({path: CLEAR, "data/hiera-eyaml-gpg.recipients": ""})


def test_a_link_to_data_is_looked_at_in_its_place_and_one_out_of_the_tree_is_told() -> None:
    files = {"a.eyaml": CLEAR, "sub/b.eyaml": "b: 1\n"}
    written = {"sub/link.eyaml": "../a.eyaml", "sub/out.yaml": "/etc/x", "sub/none.eyaml": "none", "sub/x.txt": "none"}
    checked = Scene(FakeTree(files, written=written, paths=("sub",))).run()
    assert found(checked) == [("plaintext-key-name", "a.eyaml", 1)]
    left_out = "leads out of the tree, or nowhere, and is left out"
    assert checked.warnings == (f"sub/none.eyaml: {left_out}", f"sub/out.yaml: {left_out}")


# what one file says about another


def test_a_key_that_is_encrypted_anywhere_is_a_secret_everywhere_in_whichever_order_files_come() -> None:
    files = {"a.eyaml": "app::pepper: sesame\n", "b.eyaml": f"x: 1\n{GOOD}", "c.eyaml": "app::pepper: street\n"}
    checked = Scene(FakeTree({**files, RECIPIENTS: LIST})).run()
    rule = "plaintext-encrypted-elsewhere"
    assert found(checked) == [(rule, "a.eyaml", 1), (rule, "c.eyaml", 1)]
    assert all("is encrypted in b.eyaml:2 and" in finding.message for finding in checked.findings)
    assert told({**files, RECIPIENTS: LIST}, paths=("c.eyaml",)) == [(rule, "c.eyaml", 1)]


def test_lookup_options_of_one_file_speak_of_the_keys_of_all() -> None:
    options = "lookup_options:\n  '^app::.*':\n    convert_to: Sensitive\n"
    files = {"common.yaml": options, "a.eyaml": "app::pepper: sesame\n"}
    assert told(files, paths=("a.eyaml",)) == [("plaintext-sensitive", "a.eyaml", 1)]


def test_a_file_that_cannot_be_read_says_nothing_about_others() -> None:
    files = {"a.eyaml": "app::pepper: sesame\n", "b.eyaml": GOOD, RECIPIENTS: LIST}
    assert told(files, paths=("a.eyaml",), unreadable=("b.eyaml",)) == []


def test_the_keys_of_a_file_that_went_are_remembered() -> None:
    checked = Scene(staged({"old.eyaml": GOOD}, {"new.eyaml": "app::pepper: sesame\n"})).run()
    assert [(one.rule, "old.eyaml:1 of the last commit" in one.message) for one in checked.findings] == [
        ("plaintext-encrypted-elsewhere", True)
    ]


def test_a_value_that_was_encrypted_before_is_told_in_the_working_tree_too() -> None:
    committed = {RECIPIENTS: LIST, "a.eyaml": GOOD}
    files = {RECIPIENTS: LIST, "a.eyaml": "app::pepper: sesame\n"}
    for staged_ in (False, True):
        tree = FakeTree(files, committed, staged=staged_)
        assert found(Scene(tree).run()) == [("plaintext-was-encrypted", "a.eyaml", 1)]


# who should read


def test_recipients_outside_of_the_tree_govern_and_are_told() -> None:
    scene = Scene(FakeTree({"a.eyaml": GOOD}), around={OUTSIDE: LIST.encode()})
    assert found(scene.run()) == [("access-outside", "a.eyaml", None)]


def test_nobody_governs_what_has_no_recipients_or_an_empty_list() -> None:
    assert told({"a.eyaml": GOOD}) == [("access-no-recipients", "a.eyaml", None)]
    assert ("access-no-recipients", "a.eyaml", None) in told({"a.eyaml": GOOD, RECIPIENTS: "# nobody\n"})


@pytest.mark.parametrize("text", ["", "# nobody\n", "\n \n", "\ufeff"])
def test_a_list_that_names_nobody_is_not_told_as_none(text: str) -> None:
    checked = Scene(FakeTree({"h/a.eyaml": GOOD, f"h/{RECIPIENTS}": text})).run()
    [one] = [finding for finding in checked.findings if finding.rule == "access-no-recipients"]
    assert (
        one.message == f"h/{RECIPIENTS} governs this file and names nobody: nobody can say who should read its values"
    )
    assert one.hint == "add somebody: eyamlgpg recipients add ID --at h"
    assert no_recipients.finding("a.eyaml", "list.rcp").hint == "write one full fingerprint a line into it"


def test_what_holds_no_value_needs_no_recipients() -> None:
    assert told({"a.eyaml": "a: 1\n"}) == []


RULES = (
    f"version: 1\npuppetmasters:\n  prod: {MASTER.fingerprint}\n  dev: {fingerprint('dev')}\n"
    "rules:\n- {paths: prod/**, needs: dev}\n- {paths: gone/**, needs: dev}\n"
)


def test_tier_rules_are_held_against_what_was_looked_at_and_unused_ones_told_of_the_whole_tree() -> None:
    files = {RECIPIENTS: LIST, "prod/a.eyaml": GOOD, "b.eyaml": GOOD}
    terms = Terms(policy=policy.parse(RULES, "policy.yaml"))
    missing, unused = ("tier-missing", RECIPIENTS, None), ("tier-unused", "policy.yaml", 7)
    for paths, wanted in (((), [missing, unused]), ((".",), [missing, unused]), (("prod",), [missing])):
        assert found(Scene(FakeTree(files, paths=paths), terms).run()) == wanted
    assert found(Scene(FakeTree(files, paths=("b.eyaml",)), terms).run()) == []


# exceptions


def test_comments_and_the_baseline_accept_findings_and_both_are_counted() -> None:
    files = {"a.eyaml": f"{CLEAR.rstrip()}  # eyamlgpg: allow plaintext-key-name -- public\n", "b.eyaml": CLEAR}
    entry = Accepted("b.eyaml", "plaintext-key-name", "db::password", "known")
    checked = Scene(FakeTree(files), entries=(entry,)).run()
    assert (found(checked), checked.excepted) == ([], 2)


def test_an_entry_is_stale_where_its_file_was_looked_at_or_went_and_in_a_whole_tree_anywhere() -> None:
    entry = Accepted("a.eyaml", "plaintext-key-name", "db::password", "known")
    stale = [("exception-stale", ".eyamlgpg/baseline.yaml", None)]
    files = {"a.eyaml": "a: 1\n", "b.eyaml": "b: 1\n"}
    assert [
        found(Scene(tree, entries=(entry,)).run())
        for tree in (
            FakeTree(files),
            FakeTree({"b.eyaml": "b: 1\n"}),
            FakeTree(files, paths=("a.eyaml",)),
            FakeTree(files, paths=("b.eyaml",)),
            staged({**files, "a.eyaml": CLEAR}, {"b.eyaml": "b: 1\n"}),
        )
    ] == [stale, stale, stale, [], stale]


def test_an_entry_is_not_stale_for_a_file_that_was_passed_over_or_could_not_be_read() -> None:
    entries = [Accepted(path, "plaintext-key-name", "db::password", "known") for path in ("a.yaml", "b.eyaml")]
    tree = FakeTree({"a.yaml": CLEAR, "b.eyaml": CLEAR}, unreadable=("b.eyaml",))
    checked = Scene(tree, entries=entries).run()
    assert (found(checked), checked.looked_into) == ([], frozenset())
    one, none = FakeTree({"a.yaml": CLEAR}, paths=("a.yaml",)), FakeTree({})
    assert [Scene(tree, entries=entries).run().looked_into for tree in (one, none)] == [
        {"a.yaml"},
        {"a.yaml", "b.eyaml"},
    ]


def test_the_names_of_the_policy_count() -> None:
    named = policy.parse("version: 1\nclear_text:\n  secret: ['*::frob']\n  harmless: ['db::*']\n", "policy.yaml")
    scene = Scene(FakeTree({"a.eyaml": f"{CLEAR}a::frob: geheim\n"}), Terms(NamePolicy(named.clear_text), named))
    checked = scene.run()
    assert (found(checked), checked.passed_over) == ([("plaintext-key-name", "a.eyaml", 2)], 1)
