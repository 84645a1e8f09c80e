"""What `check` looks at in a tree in memory: through links, of what is staged, and what a change bears upon."""

import pytest

from eyamlgpg.formats.settings.baseline import Accepted
from tests.support.checks import CLEAR, FEWER, GOOD, LIST, RECIPIENTS, SOUND, Scene, found, staged, told
from tests.support.fakes import FakeTree


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
    elsewhere = [("access-link-elsewhere", "data/web.eyaml", None)]
    assert told(files, written={"data/web.eyaml": "../shared/web"}) == elsewhere


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
