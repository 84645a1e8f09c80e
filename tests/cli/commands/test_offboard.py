"""`eyamlgpg offboard`: out of people, lists and values in one run; running again ends what was begun."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eyamlgpg.repo import log
from tests.support.keyrings import known
from tests.support.roles import NAME, NAMES, SECRET, Roles, block, fingerprint, lines, people_file, repository
from tests.support.tool import Tool


@pytest.fixture
def tree(tmp_path: Path, tool: Tool, home: Callable[[str], Path]) -> Roles:
    """Bob reads by the role dba at the top, and under his own name in a folder; his key is stored."""
    made = repository(tmp_path, tool, home)
    made.write(f"apart/{NAME}", lines("alice", "bob"))
    made.done("set", "apart/b.eyaml", "a::secret", "--stdin", stdin=SECRET)
    made.done("keys", "export", fingerprint("bob"))
    made.commit()
    return made


BOB = fingerprint("bob")
KEY, FORMER = f".eyamlgpg/keys/{BOB}.asc", f".eyamlgpg/keys/former/{BOB}.asc"


def is_out(tree: Roles) -> bool:
    texts = tree.text() + tree.text(f"apart/{NAME}") + tree.text(".eyamlgpg/people.yaml")
    return BOB not in texts and not tree.reads("bob") and not tree.reads("bob", "apart/b.eyaml")


def test_a_leaver_is_out_of_people_lists_and_values_and_the_worklist_is_told(tree: Roles) -> None:
    ran = tree.done("offboard", "bob@example.com", "-y")
    assert is_out(tree)
    assert tree.text(".eyamlgpg/people.yaml") == people_file(alice="roles: [ops, dba]")
    assert tree.text().endswith(block("dba", "alice"))
    assert ran.text.startswith(
        f"{NAMES['bob']}\n  {BOB}\n  roles: dba\n  .eyamlgpg/people.yaml: changes\n"
        f"  {NAME}: no longer names them\n  apart/{NAME}: no longer names them\n  2 values in 2 files to re-encrypt\n"
    )
    assert "  due     a::secret\n" in ran.text
    assert f"eyamlgpg rotation {BOB}" in ran.text
    assert f"Commit message:\n\n  Offboard {NAMES['bob']}\n" in ran.text
    is_cut = [line for line in ran.text.splitlines() if len(line) > 80 and BOB not in line]
    assert is_cut == []
    assert (tree.root / FORMER).read_bytes() == known_key(tree)
    assert not (tree.root / KEY).exists()
    assert "Offboard" not in tree.git("log", "--format=%s")


def known_key(tree: Roles) -> bytes:
    return tree.git("show", f"HEAD:{KEY}").encode()


def test_the_history_is_read_once(tree: Roles, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the keys that it held, and for the worklist."""
    read = log.read
    times: list[object] = []

    def counted(*words: Any, **named: Any) -> Any:
        times.append(words)
        return read(*words, **named)

    monkeypatch.setattr(log, "read", counted)
    tree.done("offboard", "bob@example.com", "-y")
    assert len(times) == 1


def test_running_again_does_nothing_and_shows_what_is_left(tree: Roles) -> None:
    tree.done("offboard", "bob@example.com", "-y")
    before = tree.git("status", "--porcelain", "-uall"), tree.text("a.eyaml")
    ran = tree.done("offboard", "bob@example.com")
    assert (tree.git("status", "--porcelain", "-uall"), tree.text("a.eyaml")) == before
    assert "  no recipients file names them\n  0 values in 0 files to re-encrypt\n" in ran.text
    assert "  due     a::secret\n" in ran.text


@pytest.mark.parametrize("done", ["people", "lists", "one-value", "key"])
def test_what_was_begun_is_ended(tree: Roles, done: str) -> None:
    """As if the run had been interrupted behind each of its steps."""
    if done in ("people", "lists", "one-value"):
        tree.people(alice="roles: [ops, dba]")
    if done in ("lists", "one-value"):
        tree.write(NAME, tree.text().replace(lines("bob"), ""))
        tree.write(f"apart/{NAME}", lines("alice"))
    if done == "one-value":
        tree.done("recrypt", "apart")
    if done == "key":
        tree.write(FORMER, tree.text(KEY))
        (tree.root / KEY).unlink()
    tree.done("offboard", "bob@example.com", "-y")
    assert is_out(tree)
    assert (tree.root / FORMER).exists()


@pytest.mark.parametrize("who", ["dave", "erin"])
def test_the_leavers_key_may_be_expired_or_revoked(tree: Roles, who: str) -> None:
    key = known(who).fingerprint
    tree.write(f"apart/{NAME}", lines("alice") + f"# {known(who).user_ids[0]}\n{key}\n")
    tree.done("offboard", f"{who}@example.com", "-y")
    assert tree.text(f"apart/{NAME}") == lines("alice")
    assert (tree.root / f".eyamlgpg/keys/former/{key}.asc").exists()


@pytest.mark.parametrize("who", ["here", "gone"])
@pytest.mark.parametrize("name", ["bob@example.com", BOB, BOB[-16:]])
def test_the_leavers_key_may_be_gone(
    tree: Roles, home_copy: Callable[[str], Path], tool: Tool, who: str, name: str
) -> None:
    """Gone from the keyring, and in the repository only in its history."""
    home = home_copy("alice")
    if who == "gone":
        (tree.root / KEY).unlink()
        tree.commit()
        gone = ["gpg", "--homedir", str(home), "--batch", "--yes", "--delete-keys", BOB]
        subprocess.run(gone, check=True, capture_output=True)
    ran = tool("offboard", name, "-y", home=home, cwd=tree.root)
    assert ran.status == 0, ran.err
    assert is_out(tree)
    assert (tree.root / FORMER).exists()


def test_a_former_key_is_no_approval_and_is_named_by_rotation(tree: Roles) -> None:
    tree.done("keys", "export", fingerprint("alice"), fingerprint("prod"))
    tree.done("offboard", "bob@example.com", "-y")
    assert BOB not in tree("keys", "import", "--repo").text
    ran = tree("rotation", "bob@example.com")
    assert (ran.status, NAMES["bob"] in ran.text) == (1, True)
    tree.write(NAME, lines("alice", "bob"))
    assert "recipient-unknown" in tree("check", "--keyring", "repo").text


def test_a_list_that_would_be_left_without_a_reader_stops_everything(tree: Roles) -> None:
    tree.write(f"only/{NAME}", lines("bob"))
    before = tree.git("status", "--porcelain", "-uall")
    ran = tree("offboard", "bob@example.com", "-y")
    assert ran.status == 3
    assert f"only/{NAME}: would be left without any recipient" in ran.err
    assert tree.git("status", "--porcelain", "-uall") == before


def test_whoever_locks_themself_out_is_asked(tree: Roles) -> None:
    ran = tree("offboard", "alice@example.com", stdin=b"y\nn\n")
    assert ran.status == 3
    assert "lock yourself out?" in ran.err
    assert tree.git("status", "--porcelain") == ""


def test_without_an_answer_nothing_is_changed(tree: Roles) -> None:
    ran = tree("offboard", "bob@example.com")
    assert (ran.status, tree.git("status", "--porcelain")) == (3, "")
    assert "answer with -y" in ran.err


def test_a_dry_run_changes_nothing(tree: Roles) -> None:
    ran = tree.done("offboard", "bob@example.com", "--dry-run")
    assert "2 values in 2 files to re-encrypt" in ran.text
    assert tree.git("status", "--porcelain") == ""


def test_the_role_that_nobody_has_any_more_goes_with_its_block(tree: Roles) -> None:
    tree.done("recipients", "add", "@ops", "--at", "apart")
    tree.people(alice="roles: [dba]", bob="roles: [dba, ops]")
    tree.done("recipients", "sync")
    ran = tree.done("offboard", "bob@example.com", "-y")
    assert "the block of the role ops goes, for nobody has it any more" in ran.err
    assert tree("recipients", "sync", "--check").status == 0
    assert "role ops" not in tree.text(f"apart/{NAME}")


def test_a_compromised_puppetmaster_goes_by_its_name_in_the_policy(tree: Roles) -> None:
    prod = fingerprint("prod")
    policy = f"version: 1\npuppetmasters:\n  pm-prod:\n    key: {prod}\n    roles: [dba]\n  # more\n"
    tree.write(".eyamlgpg/policy.yaml", policy)
    tree.done("recipients", "sync")
    tree.commit()
    ran = tree.done("offboard", "pm-prod", "--compromised", "-y")
    assert prod not in tree.text()
    assert tree.text(".eyamlgpg/policy.yaml") == policy.replace("    roles: [dba]\n", "")
    assert "  due     a::secret\n" in ran.text
    assert "\n       eyamlgpg keys generate pm-prod --homedir DIR\n" in ran.text
    assert "\n       eyamlgpg onboard pm-prod.asc --at .\n" in ran.text
    assert "Their key was compromised." in ran.text


def test_json_and_csv(tree: Roles) -> None:
    told = json.loads(tree.done("offboard", "bob@example.com", "--dry-run", "--format", "json").text)
    assert (told["done"], told["worklist"], told["lists"]) == (False, None, [NAME, f"apart/{NAME}"])
    told = json.loads(tree.done("offboard", "bob@example.com", "-y", "--format", "json").text)
    assert told["person"]["fingerprints"] == [BOB]
    assert (told["done"], told["values"], told["files"], told["settings"]) == (True, 2, 2, [".eyamlgpg/people.yaml"])
    assert told["worklist"]["counts"] == {"due": 2, "unknown": 0, "changed": 0, "gone": 0}
    ran = tree.done("offboard", "bob@example.com", "-y", "--format", "csv")
    assert [line.split(",")[:3] for line in ran.text.splitlines()[1:]] == [
        ["a.eyaml", "a::secret", "due"],
        ["apart/b.eyaml", "a::secret", "due"],
    ]


def test_a_typo_suggests_the_nearest(tree: Roles) -> None:
    ran = tree("offboard", "bbo@example.com")
    assert ran.status == 3
    assert "did you mean" in ran.err.lower()
    assert known("bob").fingerprint not in tree.git("status", "--porcelain")


def test_a_name_on_a_copy_of_somebody_elses_key_lets_nobody_else_go(
    tree: Roles, home_copy: Callable[[str], Path], tool: Tool
) -> None:
    """Whoever may push can write Bob's name on a copy of Alice's key; gpg here knows better."""
    from eyamlgpg.formats.openpgp.armor import armored
    from eyamlgpg.formats.openpgp.certificate import Component, parse_one, serialised

    alice = parse_one(known("alice").public)
    [first, *others] = alice.user_ids
    forged = replace(alice, user_ids=(Component(first.tag, NAMES["bob"].encode(), first.signatures), *others))
    tree.write(f".eyamlgpg/keys/{fingerprint('alice')}.asc", armored(serialised(forged)).decode())
    tree.commit()
    home = home_copy("alice")
    gone = ["gpg", "--homedir", str(home), "--batch", "--yes", "--delete-keys", BOB]
    subprocess.run(gone, check=True, capture_output=True)
    ran = tool("offboard", "bob@example.com", "--dry-run", home=home, cwd=tree.root)
    assert ran.status == 0, ran.err
    assert BOB in ran.text
    assert fingerprint("alice") not in ran.text


def test_a_value_that_cannot_be_opened_stops_no_other_step(tree: Roles) -> None:
    """Alice is no reader of it: the list changes, the key moves, the worklist is told, and the status is 4."""
    tree.write(f"closed/{NAME}", lines("bob", "prod"))
    tree.done("set", "closed/c.eyaml", "a::secret", "--stdin", stdin=SECRET, who="bob")
    ran = tree("offboard", "bob@example.com", "-y")
    assert ran.status == 4
    assert "closed/c.eyaml" in ran.err
    assert "for the rest: eyamlgpg recrypt" in ran.err
    assert is_out(tree)
    assert tree.text(f"closed/{NAME}") == lines("prod")
    assert (tree.root / FORMER).exists()
    assert "closed/c.eyaml\n  due     a::secret\n" in ran.text


def test_a_list_that_git_ignores_is_named(tree: Roles) -> None:
    tree.write(".gitignore", f"/loose/{NAME}\n")
    tree.write(f"loose/{NAME}", lines("alice", "bob"))
    tree.write("loose/l.eyaml", "a: 1\n")
    ran = tree.done("offboard", "bob@example.com", "-y")
    assert f"loose/{NAME}: is ignored by git and so left as it is" in ran.err


def test_without_git_the_worklist_cannot_be_told(tmp_path: Path, tool: Tool, home: Callable[[str], Path]) -> None:
    made = Roles(tmp_path, tool, home)
    made.people(alice="roles: [dba]", bob="roles: [dba]")
    made.write(NAME, block("dba", "alice", "bob"))
    made.done("set", "a.eyaml", "a::secret", "--stdin", stdin=SECRET)
    ran = made.done("offboard", "bob@example.com", "-y")
    assert "no git repository here" in ran.err
    assert not made.reads("bob")
