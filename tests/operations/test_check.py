"""`check` over a tree in memory: what is looked at, in which order it is told, and what keeps it from nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats import policy
from eyamlgpg.formats.baseline import Accepted
from eyamlgpg.model.keys import Key
from eyamlgpg.operations.check import Check, Checked, Terms
from eyamlgpg.operations.check_baseline import Ledger
from eyamlgpg.operations.check_readers import Governors, Judgement
from eyamlgpg.rules.names import NamePolicy
from tests.support.fakes import FakeTree
from tests.support.keys import ALICE, BOB, CAROL, NOW, RING, fingerprint, key
from tests.support.memory import Memory
from tests.support.trees import value

MASTER = key("puppet.example.com")
READERS = (ALICE, BOB, MASTER)
RECIPIENTS = "hiera-eyaml-gpg.recipients"
LIST = "".join(f"{reader.fingerprint}\n" for reader in READERS)
FEWER = "".join(f"{reader.fingerprint}\n" for reader in (BOB, CAROL, MASTER))
GOOD = f"app::pepper: {value('x', *READERS)}\n"
CLEAR = "db::password: Rosinenbrot7\n"
OUTSIDE = Path("/", RECIPIENTS)


@dataclass
class Scene:
    """A tree around which nothing stands, unless a scene says otherwise."""

    tree: FakeTree
    terms: Terms = field(default_factory=Terms)
    entries: Sequence[Accepted] = ()
    keys: Sequence[Key] = (*RING, MASTER)
    keys_in: str | None = None
    around: Mapping[Path, bytes] = field(default_factory=dict)
    asked: int = 0

    def run(self) -> Checked:
        def listed() -> Sequence[Key]:
            self.asked += 1
            if not self.keys:
                raise GnupgError("gpg was not found")
            return self.keys

        judgement = Judgement(listed, NOW, always_trust=False, keys_in=self.keys_in)
        governors = Governors(self.tree, Path("/tree"), Memory(dict(self.around)), judgement)
        ledger = Ledger(".eyamlgpg/baseline.yaml", self.entries, self.tree.is_whole)
        return Check(self.tree, governors, ledger, self.terms).run()


def found(checked: Checked) -> list[tuple[str, str, int | None]]:
    return [(one.rule, one.path, one.line) for one in checked.findings]


def told(files: Mapping[str, str], **more: object) -> list[tuple[str, str, int | None]]:
    """What is found in a tree of these files."""
    return found(Scene(FakeTree(files, **more)).run())  # type: ignore[arg-type]


SOUND = {RECIPIENTS: LIST, "a.eyaml": GOOD}


def test_a_sound_tree_is_counted_and_has_no_finding() -> None:
    assert Scene(FakeTree(SOUND)).run() == Checked((), files=2, values=1, excepted=0)


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


def test_without_gpg_nobody_can_be_judged_and_the_run_ends() -> None:
    with pytest.raises(GnupgError):
        Scene(FakeTree(SOUND), keys=()).run()


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
    assert told(files, paths=("data/readme.md",)) == []


def test_a_copy_of_an_editor_is_told_by_its_name_and_never_read() -> None:
    assert told({"a.eyaml~": CLEAR}, unreadable=("a.eyaml~",)) == [("plaintext-editor-leftover", "a.eyaml~", None)]


def test_files_of_ours_are_searched_for_secrets_by_their_form_alone() -> None:
    files = {".eyamlgpg/notes": f"{CLEAR}see https://bob:Rosinenbrot7@example.com/\n", ".eyamlgpg/old.eyaml": CLEAR}
    assert told(files) == [("plaintext-url-credentials", ".eyamlgpg/notes", 2)]
    assert told(files, paths=(".eyamlgpg/old.eyaml",)) == [("plaintext-key-name", ".eyamlgpg/old.eyaml", 1)]


def test_a_link_to_data_is_looked_at_in_its_place_and_one_out_of_the_tree_is_told() -> None:
    files = {"a.eyaml": CLEAR, "sub/b.eyaml": "b: 1\n"}
    written = {"sub/link.eyaml": "../a.eyaml", "sub/out.yaml": "/etc/x", "sub/none.eyaml": "none", "sub/x.txt": "none"}
    checked = Scene(FakeTree(files, written=written, paths=("sub",))).run()
    assert found(checked) == [("plaintext-key-name", "a.eyaml", 1)]
    left_out = "leads out of the tree, or nowhere, and is left out"
    assert checked.warnings == (f"sub/none.eyaml: {left_out}", f"sub/out.yaml: {left_out}")


@pytest.mark.parametrize("place", ["shared/web.data", "shared/web.yaml", ".eyamlgpg/web", "web"])
@pytest.mark.parametrize("link", ["data/web.eyaml", "data/web.yaml"])
def test_what_a_link_calls_hiera_data_is_looked_into_whatever_its_own_name_is(place: str, link: str) -> None:
    files = {place: CLEAR, f"data/{RECIPIENTS}": LIST, "data/a.eyaml": GOOD}
    written = {link: f"../{place}"}
    wanted = [("plaintext-key-name", place, 1)]
    before = {**files, place: "a: 1\n"}
    assert [
        found(Scene(tree).run())
        for tree in (
            FakeTree(files, written=written),
            FakeTree(files, written=written, paths=("data",)),
            FakeTree(files, written=written, paths=(link,)),
            FakeTree(files, written=written, paths=(place,)),
            FakeTree(files, written=written, committed_links={}, staged=True),
            FakeTree(files, before, written=written, staged=True),
            FakeTree(files, before, written=written, paths=("data",), staged=True),
        )
    ] == [wanted] * 7


def test_a_link_with_a_name_of_yaml_counts_where_a_file_of_that_name_would() -> None:
    files, written = {"shared/web": CLEAR}, {"data/web.yaml": "../shared/web"}
    assert told(files, written=written) == []
    assert told({"shared/web": f"{CLEAR}{GOOD}"}, written=written) == [
        ("access-no-recipients", "shared/web", None),
        ("plaintext-key-name", "shared/web", 1),
    ]
    assert told(files, written=written, paths=("data/web.yaml",)) == [("plaintext-key-name", "shared/web", 1)]
    governed = {**files, f"data/{RECIPIENTS}": LIST}
    assert told(governed, written=written) == [("plaintext-key-name", "shared/web", 1)]
    assert found(Scene(FakeTree(governed, files, written=written, staged=True)).run()) == [
        ("plaintext-key-name", "shared/web", 1)
    ]


def test_the_readers_of_what_a_link_leads_to_are_those_of_its_own_place() -> None:
    files = {"shared/web": GOOD, f"shared/{RECIPIENTS}": LIST, f"data/{RECIPIENTS}": FEWER}
    assert told(files, written={"data/web.eyaml": "../shared/web"}) == []


def test_what_is_encrypted_behind_a_link_is_a_secret_elsewhere_too() -> None:
    files = {"shared/web": GOOD, RECIPIENTS: LIST, "a.eyaml": "app::pepper: sesame\n"}
    rule = ("plaintext-encrypted-elsewhere", "a.eyaml", 1)
    assert told(files, written={"web.eyaml": "shared/web"}) == [rule]
    gone = {path: text for path, text in files.items() if path != "shared/web"}
    tree = FakeTree({**gone, "a.eyaml": "app::pepper: street\n"}, files, {"web.eyaml": "shared/web"}, staged=True)
    assert found(Scene(tree).run()) == [rule]


def test_a_link_that_turns_on_the_way_brings_in_what_it_leads_to_now() -> None:
    files = {"shared/good": "a: 1\n", "shared/bad": CLEAR}
    before, now = ({"web.eyaml": "way", "way": f"shared/{name}"} for name in ("good", "bad"))
    tree = FakeTree(files, written=now, committed_links=before, staged=True)
    assert found(Scene(tree).run()) == [("plaintext-key-name", "shared/bad", 1)]


# what is not staged


def test_settings_that_are_not_staged_are_told_and_keys_where_they_would_judge() -> None:
    loose = {".eyamlgpg/baseline.yaml": "x", ".eyamlgpg/keys/A.asc": "x", ".eyamlgpg/notes": "x"}
    told_of = [f"{path}: does not count, because it is not staged" for path in loose]
    tree = FakeTree(SOUND, loose=loose, staged=True)
    assert Scene(tree).run().warnings == (told_of[0],)
    assert Scene(tree, keys_in=".eyamlgpg/keys").run().warnings == tuple(told_of[:2])


def test_an_untracked_list_is_told_where_readers_were_judged_by_it() -> None:
    list_ = f"data/{RECIPIENTS}"
    tree = FakeTree({"data/a.eyaml": GOOD, "data/b.eyaml": GOOD}, {}, loose={list_: LIST}, staged=True)
    warning = f"{list_}: is not tracked by git, so others have another list of readers, or none"
    assert (found(Scene(tree).run()), Scene(tree).run().warnings) == ([], (warning,))
    tree = FakeTree({"data/a.eyaml": "a: 1\n"}, {}, loose={list_: LIST}, staged=True)
    assert Scene(tree).run().warnings == ()


# what a change bears upon


def staged(committed: Mapping[str, str], files: Mapping[str, str], *paths: str) -> FakeTree:
    """Of a tree, what the next commit changes."""
    return FakeTree(files, committed, paths=paths, staged=True)


def test_of_what_is_staged_only_the_changes_are_looked_at() -> None:
    committed = {RECIPIENTS: LIST, "a.eyaml": CLEAR, "b.eyaml": GOOD}
    checked = Scene(staged(committed, {**committed, "b.eyaml": f"{GOOD}{CLEAR}"})).run()
    assert (found(checked), checked.files) == ([("plaintext-key-name", "b.eyaml", 2)], 1)


def test_a_change_of_recipients_brings_in_what_they_govern_and_nothing_below_others() -> None:
    committed = {RECIPIENTS: LIST, "a.eyaml": GOOD, f"own/{RECIPIENTS}": LIST, "own/b.eyaml": CLEAR}
    checked = Scene(staged(committed, {**committed, RECIPIENTS: FEWER})).run()
    assert found(checked) == [("access-missing", "a.eyaml", 1), ("access-unexpected", "a.eyaml", 1)]
    gone = {path: text for path, text in committed.items() if path != RECIPIENTS}
    assert found(Scene(staged(committed, gone)).run()) == [("access-no-recipients", "a.eyaml", None)]
    assert found(Scene(staged(committed, gone, "own")).run()) == []


def test_a_change_of_the_policy_brings_everything_in() -> None:
    committed = {"a.eyaml": CLEAR, "b.eyaml": CLEAR}
    everything = [("plaintext-key-name", "a.eyaml", 1), ("plaintext-key-name", "b.eyaml", 1)]
    assert found(Scene(staged(committed, {**committed, ".eyamlgpg/policy.yaml": "version: 1\n"})).run()) == everything


@pytest.mark.parametrize(("keys_in", "wanted"), [(".eyamlgpg/keys", ["data/a.eyaml"]), (None, [])])
def test_a_key_brings_in_all_that_is_governed_where_it_judges(keys_in: str | None, wanted: list[str]) -> None:
    committed = {f"data/{RECIPIENTS}": LIST, "data/a.eyaml": CLEAR, "apart.eyaml": CLEAR, ".eyamlgpg/keys/A.asc": "x"}
    tree = staged(committed, {**committed, ".eyamlgpg/keys/A.asc": "y"})
    assert [path for _, path, _ in found(Scene(tree, keys_in=keys_in).run())] == wanted


def test_the_baseline_brings_in_the_files_of_entries_that_came_went_or_count_otherwise() -> None:
    before = (
        "version: 1\naccepted:\n"
        "  - {file: a.eyaml, rule: plaintext-key-name, key: 'db::password', reason: x}\n"
        "  - {file: b.eyaml, rule: plaintext-key-name, key: 'db::password', reason: x}\n"
    )
    committed = {"a.eyaml": CLEAR, "b.eyaml": CLEAR, "c.eyaml": CLEAR, ".eyamlgpg/baseline.yaml": before}
    tree = staged(committed, {**committed, ".eyamlgpg/baseline.yaml": "changed"})
    one = Accepted("a.eyaml", "plaintext-key-name", "db::password", "x")
    two = Accepted("b.eyaml", "plaintext-key-name", "db::password", "y", count=2)
    assert found(Scene(tree, entries=(one,)).run()) == [("plaintext-key-name", "b.eyaml", 1)]
    assert found(Scene(tree, entries=(one, two)).run()) == [("exception-stale", ".eyamlgpg/baseline.yaml", None)]
    assert Scene(tree, entries=(one, Accepted("b.eyaml", *two.identity[1:], "y"))).run().files == 0


def test_a_link_to_recipients_that_turns_and_a_list_behind_one_bring_in_what_the_link_governs() -> None:
    files = {"shared/all": LIST, "shared/fewer": FEWER, "data/a.eyaml": GOOD, "apart.eyaml": CLEAR}
    link, missing = f"data/{RECIPIENTS}", ("access-missing", "data/a.eyaml", 1)
    all_, fewer = {link: "../shared/all"}, {link: "../shared/fewer"}
    turned = FakeTree(files, written=fewer, committed_links=all_, staged=True)
    assert missing in found(Scene(turned).run())
    changed = FakeTree({**files, "shared/all": FEWER}, files, written=all_, staged=True)
    assert missing in found(Scene(changed).run())
    gone = FakeTree(files, committed_links=all_, staged=True)
    assert found(Scene(gone).run()) == [("access-no-recipients", "data/a.eyaml", None)]


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
