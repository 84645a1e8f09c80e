"""Role blocks of recipients files: written from the list of people, and changed by nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.roles import NAME, NAMES, Roles, block, fingerprint, lines, people_file, repository
from tests.support.tool import Tool


@pytest.fixture
def tree(tmp_path: Path, tool: Tool, home: Callable[[str], Path]) -> Roles:
    return repository(tmp_path, tool, home)


BEFORE = f"# the puppetmaster\n\n{lines('prod')}"


def test_whoever_gets_a_role_reads_after_sync_and_whoever_loses_it_no_more(tree: Roles) -> None:
    tree.people(alice="roles: [ops, dba]", bob="roles: [ops]", carol="roles: dba")
    assert tree("recipients", "sync", "--check").status == 1
    assert (tree.reads("bob"), tree.reads("carol")) == (True, False)

    ran = tree.done("recipients", "sync")
    assert tree.text() == BEFORE + block("dba", "alice", "carol")
    assert (tree.reads("bob"), tree.reads("carol"), tree.reads("alice")) == (False, True, True)
    assert f"added {NAMES['carol']}" in ran.err
    assert f"removed {NAMES['bob']}" in ran.err
    checked = tree.done("recipients", "sync", "--check")
    assert checked.err.endswith("eyamlgpg: the role blocks of 1 recipients file are up to date\n")


def test_whose_last_day_has_passed_is_left_out_and_found_by_check(tree: Roles) -> None:
    tree.people(alice="roles: [dba]", bob="roles: [dba]; until: 2020-01-31")
    ran = tree("check", "--format", "text")
    assert "recipients-until-passed" in ran.text
    assert "the last day was 2020-01-31" in ran.text
    assert "recipients-out-of-sync" not in ran.text
    tree.done("recipients", "sync")
    assert tree.text() == BEFORE + block("dba", "alice")
    assert not tree.reads("bob")


def test_people_with_two_roles_stand_in_both_blocks_and_that_is_no_finding(tree: Roles) -> None:
    ran = tree.done("recipients", "add", "@ops")
    assert f"eyamlgpg: {NAME}: has a block of the role ops now\n" in ran.err
    assert tree.text() == BEFORE + block("dba", "alice", "bob") + block("ops", "alice")
    assert "recipient" not in tree("check").text
    assert tree("who", "--check").status == 0
    tree.done("recipients", "remove", "@ops")
    assert tree.text() == BEFORE + block("dba", "alice", "bob")


def test_puppetmasters_have_roles_under_the_names_of_the_policy(tree: Roles) -> None:
    key = fingerprint("prod")
    tree.write(".eyamlgpg/policy.yaml", f"version: 1\npuppetmasters:\n  pm: {{key: {key}, roles: [dba]}}\n")
    tree.done("recipients", "sync")
    assert f"# Bob Brown <bob@example.com>\n{fingerprint('bob')}\n# pm\n{key}\n# eyamlgpg: end\n" in tree.text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("remove", "bob@example.com"), f"{NAME}:9: {NAMES['bob']} stands there by the role dba"),
        (("replace", "bob@example.com", "carol@example.com", "--at", "."), "leave out --at to replace the key"),
        (("add", "alice@example.com", "--at", ".", "--only"), "--only does not take out the block of the role dba"),
        (("add", "@dbaa"), "nobody has the role dbaa"),
        (("remove", "@dbaa"), "has no block of the role dbaa"),
    ],
)
def test_a_block_is_changed_by_its_role_alone(tree: Roles, words: tuple[str, ...], said: str) -> None:
    before = tree.text()
    ran = tree("recipients", *words, "-y")
    assert ran.status == 3
    assert said in ran.err
    assert tree.text() == before


def test_whoever_is_in_a_block_and_outside_loses_the_line_outside_and_is_told(tree: Roles) -> None:
    tree.write(NAME, lines("bob") + block("dba", "alice", "bob"))
    ran = tree.done("recipients", "remove", "bob@example.com")
    assert tree.text() == block("dba", "alice", "bob")
    assert f"{NAMES['bob']} stands there by the role dba" in ran.err


def test_a_newcomer_whose_role_has_a_block_is_not_added_beside_it(tree: Roles) -> None:
    tree.people(alice="roles: [dba]", bob="roles: [dba]", carol="roles: [dba]")
    ran = tree("recipients", "add", "carol@example.com")
    assert ran.status == 3
    assert "eyamlgpg:   write the block anew: eyamlgpg recipients sync\n" in ran.err


def test_a_line_of_a_block_is_pinned_by_sync(tree: Roles) -> None:
    tree.write(NAME, tree.text().replace(fingerprint("bob"), "bob@example.com"))
    assert "the lines of a block are written by: eyamlgpg recipients sync" in tree("recipients", "pin").err
    tree.done("recipients", "sync")
    assert tree.text() == BEFORE + block("dba", "alice", "bob")


BROKEN = {
    "no-end": (block("dba", "alice").replace("# eyamlgpg: end\n", ""), 1, "has no end"),
    "no-beginning": (lines("alice") + "# eyamlgpg: end\n", 3, "ends a role block that does not begin"),
    "a-block-in-a-block": ("# eyamlgpg: role ops\n" + block("dba", "alice"), 1, "has no end"),
    "twice": (block("dba", "alice") + block("dba", "bob"), 5, "the role dba has a block already, in line 1"),
    "an-unknown-word": (lines("alice") + "# eyamlgpg: rôle dba\n", 3, "means nothing"),
    "an-unknown-role": (block("ops2", "alice"), 1, "nobody has the role ops2"),
}


@pytest.mark.parametrize(("text", "line", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_block_stops_every_change_and_is_found(tree: Roles, text: str, line: int, said: str) -> None:
    tree.write(NAME, text)
    for words in (
        ("add", "carol@example.com"),
        ("add", "carol@example.com", "--everywhere"),
        ("remove", "alice@example.com"),
        ("remove", "alice@example.com", "--everywhere"),
        ("replace", "alice@example.com", "carol@example.com"),
        ("pin",),
        ("sync",),
        ("sync", "--check"),
    ):
        ran = tree("recipients", *words)
        assert (ran.status, tree.text()) == (3, text), words
        assert f"eyamlgpg: {NAME}:{line}: " in ran.err
        assert said in ran.err
    for words in (("check",), ("recipients", "lint")):
        ran = tree(*words)
        assert ran.status == 1
        assert f"{NAME}:{line}" in ran.text
        assert "recipients-broken-block" in ran.text


def test_a_block_that_is_behind_is_an_error_of_check_and_lint(tree: Roles) -> None:
    tree.people(alice="roles: [dba]", bob="roles: [ops]", carol="roles: [dba]")
    told = (
        "the block of the role dba is out of sync: Carol Chen <carol@example.com> is missing, "
        "Bob Brown <bob@example.com> stands there in line 9"
    )
    for words in (("check",), ("recipients", "lint")):
        ran = tree(*words)
        assert ran.status == 1
        assert told in ran.text
    tree.git("add", "-A")
    assert "recipients-out-of-sync" in tree("check", "--staged").text


def test_a_dry_run_shows_and_changes_nothing(tree: Roles) -> None:
    tree.people(alice="roles: [dba]")
    before = tree.text()
    ran = tree.done("recipients", "sync", "--dry-run")
    assert f"-{fingerprint('bob')}\n" in ran.text
    assert "1 of 1 value in 1 of 1 file are due" in ran.text
    assert tree.text() == before


def test_without_a_block_sync_says_how_to_make_one(tree: Roles) -> None:
    tree.write(NAME, lines("alice"))
    ran = tree.done("recipients", "sync")
    assert ran.err == "eyamlgpg: no role block in 1 recipients file; to make one: eyamlgpg recipients add @ROLE\n"


def test_the_last_reader_of_a_list_is_not_synced_away(tree: Roles) -> None:
    tree.write(NAME, block("dba", "alice", "bob"))
    tree.people(alice="roles: [dba]; until: 2020-01-31", bob="roles: [dba]; until: 2020-01-31")
    ran = tree("recipients", "sync")
    assert ran.status == 3
    assert f"{NAME}: would be left without any recipient" in ran.err


def test_replace_changes_the_key_of_the_person_as_well(tree: Roles) -> None:
    """A new key of the same person: the block follows people.yaml, so that has the new key, too."""
    tree.done("recipients", "replace", "bob@example.com", "carol@example.com")
    assert fingerprint("bob") not in tree.text() + tree.text(".eyamlgpg/people.yaml")
    changed = people_file(alice="roles: [ops, dba]", bob="roles: [dba]").replace(
        fingerprint("bob"), fingerprint("carol")
    )
    assert tree.text(".eyamlgpg/people.yaml") == changed
    assert (tree.reads("carol"), tree.reads("bob")) == (True, False)
    assert tree("recipients", "sync", "--check").status == 0


def test_replace_changes_the_key_of_a_puppetmaster_in_the_policy_as_well(tree: Roles) -> None:
    tree.write(".eyamlgpg/policy.yaml", f"version: 1\npuppetmasters:\n  pm: {fingerprint('prod')}  # the old one\n")
    ran = tree.done("recipients", "replace", fingerprint("prod"), "carol@example.com")
    carol = fingerprint("carol")
    assert tree.text(".eyamlgpg/policy.yaml") == f"version: 1\npuppetmasters:\n  pm: {carol}  # the old one\n"
    assert f"eyamlgpg: .eyamlgpg/policy.yaml: has the key {carol} in place of {fingerprint('prod')}\n" in ran.err


@pytest.mark.parametrize("name", ["eyamlgpg: end", "EYAMLGPG: role ops"])
def test_no_name_on_a_key_begins_or_ends_a_block(name: str) -> None:
    from eyamlgpg.formats.eyaml.recipients_edits import Pinned, add
    from eyamlgpg.formats.eyaml.recipients_file import parse

    text = add(block("dba", "alice"), [Pinned("A" * 40, name)])
    assert text.endswith(f"# ({name})\n{'A' * 40}\n")
    assert parse(text, "x").roles == parse(block("dba", "alice"), "x").roles


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("eyamlgpg recipients add @", ["@dba", "@ops"]),
        ("eyamlgpg recipients remove @", ["@dba"]),
        ("eyamlgpg onboard --role d", ["dba"]),
        ("eyamlgpg offboard b", ["bob@example.com"]),
    ],
)
def test_tab_offers_roles(tree: Roles, tool: Tool, line: str, offered: list[str]) -> None:
    ran = tool(cwd=tree.root, environ={"_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": line})
    assert ran.out.decode().splitlines() == [f"plain,{one}" for one in offered]


@pytest.mark.parametrize(("word", "offered"), [("../f", "file,../f"), ("ali", "plain,alice@example.com")])
def test_tab_offers_files_for_a_newcomer_who_has_no_key_here(tree: Roles, tool: Tool, word: str, offered: str) -> None:
    ran = tool(cwd=tree.root, environ={"_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": f"eyamlgpg onboard {word}"})
    assert ran.out.decode().splitlines() == [offered]
