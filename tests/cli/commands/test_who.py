"""`who` as a user runs it, over values that real keys can read."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pexpect
import pytest

from tests.support import keyrings, terminals
from tests.support.commands import REPOSITORY, Desk
from tests.support.keyrings import NewKey, known
from tests.support.repository import start


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    """Alice at a tree: all of it for her and Bob, production for her and its puppetmaster."""
    made = Desk(home("alice"), tmp_path / "tree")
    made.governs("data", "alice", "bob")
    made.governs("data/production", "alice", "puppetmaster-prod")
    return made


def test_a_tree_in_line_is_told_and_checked_with_no_secret_key(desk: Desk, home: Callable[[str], Path]) -> None:
    desk.write("data/a.eyaml", f"db::password: {desk.values(['x'], 'alice', 'bob')[0]}\n")
    strangers = Desk(home("frank-only"), desk.folder)
    told = desk.run("who", "data")
    assert (told.status, told.stderr) == (0, "")
    assert told.stdout == (
        "data/a.eyaml, recipients from data/hiera-eyaml-gpg.recipients\n"
        "  line 1: db::password\n"
        "    read by: Alice at Home <alice@home.example.org>, Bob Brown <bob@example.com>\n"
        "1 value in 1 file: 1 in line\n"
    )
    assert desk.run("who", "--check").status == 0
    unknown = strangers.run("who")
    assert unknown.status == 0
    assert f"the unknown key {known('alice').encryption_key_id}" in unknown.stdout
    assert "no such key on the keyring" in unknown.stderr
    assert strangers.run("who", "--check").status == 3


def test_check_shows_what_differs_and_where_it_was_copied_from(desk: Desk) -> None:
    copied = desk.values(["x"], "alice", "puppetmaster-prod")[0]
    desk.write("data/a.eyaml", f"fine: {desk.values(['x'], 'alice', 'bob')[0]}\ncopied: {copied}\n")
    found = desk.run("who", "--check")
    assert found.status == 1
    assert "copied from where data/production/hiera-eyaml-gpg.recipients governs, it seems" in found.stdout
    assert "fine" not in found.stdout
    [file] = json.loads(desk.run("who", "--check", "--format", "json").stdout)["files"]
    assert [(value["key"], value["in_line"]) for value in file["values"]] == [("copied", False)]


def test_a_person_is_matched_whole_and_a_key_is_a_path(desk: Desk) -> None:
    both, alone = desk.values(["x"], "alice", "bob")[0], desk.values(["x"], "alice")[0]
    desk.write("data/production/a.eyaml", f"a:\n  one: {both}\n  two: {alone}\nb: {alone}\n")

    def keys(*words: str) -> list[str]:
        rows = list(csv.DictReader(io.StringIO(desk.run("who", "--format", "csv", *words).stdout)))
        return list(dict.fromkeys(row["key"] for row in rows))

    assert keys("--person", "bob@example.com") == ["a.one"]
    assert keys("--person", known("bob").fingerprint, "--key", "b") == []
    assert keys("--key", "a") == ["a.one", "a.two"]
    assert keys("--person", "Puppetmaster Prod <puppetmaster-prod@example.com>") == ["a.one", "a.two", "b"]
    assert desk.run("who", "--person", "ob@example.com").status == 3
    assert desk.run("who", "--key", "a..b").status == 3


@pytest.mark.parametrize(
    ("words", "summary"),
    [
        (["--key", "a.one"], "1 value in 1 file: 1 in line"),
        (["--person", "bob@example.com"], "2 values in 1 file: 1 in line, 1 not in line"),
        (["--person", "alice@home.example.org"], "3 values in 2 files: 2 in line, 1 not in line"),
        (["--key", "a.one", "--person", "bob@example.com"], "1 value in 1 file: 1 in line"),
        (["--key", "a", "--check"], "2 values in 1 file: 1 in line, 1 not in line"),
    ],
)
def test_the_last_line_counts_what_was_asked_for(desk: Desk, words: list[str], summary: str) -> None:
    both, alone = desk.values(["x"], "alice", "bob")[0], desk.values(["x"], "alice")[0]
    desk.write("data/a.eyaml", f"a:\n  one: {both}\n  two: {alone}\n")
    desk.write("data/production/b.eyaml", f"b: {desk.values(['x'], 'alice', 'puppetmaster-prod')[0]}\n")
    assert desk.run("who", *words).stdout.splitlines()[-1] == summary


@pytest.mark.parametrize("check", [[], ["--check"]])
@pytest.mark.parametrize(
    ("words", "sentence", "hint"),
    [
        (
            ["--person", "puppetmaster-prod@example.com"],
            "puppetmaster-prod@example.com: can read no value that was looked at, and should read none",
            None,
        ),
        (["--person", "bbo@example.com"], "bbo@example.com: no such key on the keyring", "bob@example.com"),
        (
            ["--key", "profile::db::pasword"],
            "profile::db::pasword: no encrypted value stands at this key or inside of it",
            "profile::db::password",
        ),
        (["--key", "plain"], "plain: no encrypted value stands at this key or inside of it", "plain::key"),
        (
            ["--key", "plain::key", "--person", "puppetmaster-prod@example.com"],
            "puppetmaster-prod@example.com: can read no value at plain::key that was looked at, and should read none",
            None,
        ),
    ],
)
def test_a_filter_that_matches_nothing_is_status_3_with_the_nearest_names(
    desk: Desk, words: list[str], sentence: str, hint: str | None, check: list[str]
) -> None:
    [value] = desk.values(["x"], "alice", "bob")
    desk.write("data/a.eyaml", f"plain: x\nplain::key: {value}\nprofile::db::password: {value}\n")
    ran = desk.run("who", *words, *check)
    assert (ran.status, ran.stderr.splitlines()[0]) == (3, f"eyamlgpg: {sentence}")
    assert ("did you mean" in ran.stderr) == (hint is not None)
    assert hint is None or f"did you mean {hint}?" in ran.stderr


def test_a_damaged_message_is_status_4_with_its_place(desk: Desk) -> None:
    desk.write("data/a.eyaml", "---\na: ENC[GPG,aGVsbG8=]\n")
    ran = desk.run("who")
    assert ran.status == 4
    assert "eyamlgpg: data/a.eyaml:2: a: not a whole OpenPGP message" in ran.stderr


def test_who_replaced_the_encryption_subkey_is_stale_and_recrypt_mends_just_those(
    fresh_home: Path, tmp_path: Path
) -> None:
    # Of two subkeys made in the same second gpg takes the first.
    last_month = datetime.now(UTC) - timedelta(days=30)
    fingerprint = keyrings.make_key(fresh_home, NewKey("Zoe <zoe@example.com>", at=last_month))
    keyrings.trust(fresh_home, f"{fingerprint}:6:")
    desk = Desk(fresh_home, tmp_path / "tree")
    desk.write("data/hiera-eyaml-gpg.recipients", f"{fingerprint}\n")

    def value(name: str) -> str:
        ran = desk.run("encrypt", "-o", "string", "-s", name, "--for", "data")
        assert ran.status == 0
        return ran.stdout

    old = desk.write("data/old.eyaml", f"old: {value('old')}\n")
    keyrings.add_subkey(fresh_home, fingerprint)
    new = desk.write("data/new.eyaml", f"new: {value('new')}\n")
    before = new.read_bytes()
    check = desk.run("who", "--check")
    assert check.status == 1
    assert "stale: Zoe <zoe@example.com>, by an older subkey, " in check.stdout
    assert "data/new.eyaml" not in check.stdout
    assert desk.run("recrypt").stderr == "eyamlgpg: 1 value in 1 file re-encrypted, 1 in line already\n"
    assert new.read_bytes() == before
    assert desk.run("get", str(old), "old").stdout == "old"
    assert desk.run("who", "--check").status == 0


def at_terminal(desk: Desk, *words: str, columns: int = 100) -> str:
    """What a run prints on a terminal."""
    argv = desk.argv(*words)
    environ = {name: text for name, text in desk.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    session: pexpect.spawn[bytes] = pexpect.spawn(
        argv[0], argv[1:], cwd=str(desk.folder), env=environ | {"TERM": "dumb"}, dimensions=(40, columns), timeout=60
    )
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == 0
    return terminals.shown(session).decode().replace("\r\n", "\n")


def test_on_a_terminal_values_with_the_same_readers_share_a_row(desk: Desk) -> None:
    one, two = desk.values(["x", "y"], "alice", "bob")
    desk.write("data/a.eyaml", f"a: {one}\nb: {two}\nc: {desk.values(['z'], 'alice')[0]}\n")
    told = at_terminal(desk, "who", "data")
    assert [line.split() for line in told.splitlines()] == [
        ["values", "readers", "where"],
        ["2", "Alice", "at", "Home,", "Bob", "Brown", "data/a.eyaml"],
        ["1", "Alice", "at", "Home", "data/a.eyaml"],
        ["1", "not", "in", "line"],
        ["3", "values", "in", "1", "file:", "2", "in", "line,", "1", "not", "in", "line"],
    ]
    assert "1 value: Alice at Home\n" in at_terminal(desk, "who", "data", columns=50)
    listed = desk.run("who", "data").stdout
    assert at_terminal(desk, "who", "data", "--long", columns=200) == listed
    assert desk.run("who", "data", "--long").stdout == listed


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("", "in .eyamlgpg/keys"),
        ("former/", "in .eyamlgpg/keys/former"),
        ("history", "in the history of .eyamlgpg/keys"),
    ],
)
def test_a_key_that_left_the_keyring_is_named_by_what_the_repository_keeps(
    desk: Desk, home: Callable[[str], Path], place: str, where: str
) -> None:
    repository = start(desk.folder)
    text = (REPOSITORY / "fixtures" / "keys" / "bob.pub.asc").read_text()
    folder = "" if place == "history" else place
    file = desk.write(f".eyamlgpg/keys/{folder}{known('bob').fingerprint}.asc", text)
    desk.write("data/a.eyaml", f"a: {desk.values(['x'], 'bob')[0]}\n")
    repository.commit()
    if place == "history":
        file.unlink()
    strangers = Desk(home("frank-only"), desk.folder)
    key_id = known("bob").encryption_key_id
    named = f"the unknown key {key_id} (Bob Brown <bob@example.com>, {where})"
    assert f"    read by: {named}\n" in strangers.run("who", "data").stdout
    assert named in " ".join(at_terminal(strangers, "who", "data", columns=300).split())
    [value] = json.loads(strangers.run("who", "data", "--format", "json").stdout)["files"][0]["values"]
    assert (value["readers"], value["unknown"]) == ([], [key_id])
