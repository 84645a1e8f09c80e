"""`encrypt -i FILE --key`: values in clear text, encrypted where they stand."""

from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read
from tests.support.team import Team

FILE = """\
---
# the database
db::host: db1.example.com   # public
db::password: Kirschkuchen9   # ask the DBA
quoted: 'it''s "so"'   # single
escaped: "tab\\there"
port: 5432
on: &shared yes
folded: >
  two lines
  of one

literal: |
  -----BEGIN
    indented
  -----END
noted: | # why
  one
users:
    - name: alice
      password:   hunter2
    - {name: bob, password: s3cret}
plain: spans
  two lines
again: *shared
"""
WANTED = {
    "db::password": b"Kirschkuchen9",
    "quoted": b'it\'s "so"',
    "escaped": b"tab\there",
    "port": b"5432",
    "folded": b"two lines of one\n",
    "literal": b"-----BEGIN\n  indented\n-----END\n",
    "noted": b"one\n",
    "users.0.password": b"hunter2",
    "users.1.password": b"s3cret",
    "plain": b"spans two lines",
    "'on'": b"yes",
}


@pytest.fixture
def file(team: Team) -> Path:
    """Values of every style, all in clear text."""
    (team.folder / "a.eyaml").write_text(FILE)
    return team.folder / "a.eyaml"


def encrypted(team: Team, *keys: str) -> tuple[int, str]:
    ran = team.run("encrypt", "-i", "a.eyaml", *(word for key in keys for word in ("--key", key)))
    assert ran.out == b""
    return ran.status, ran.err


@pytest.mark.parametrize("key", WANTED)
def test_a_value_of_any_style_is_encrypted_as_yaml_reads_it(team: Team, file: Path, key: str) -> None:
    status, err = encrypted(team, key)
    text = file.read_text()
    assert (status, team.done("get", "a.eyaml", key)) == (0, WANTED[key]), err
    assert f"eyamlgpg: a.eyaml: 1 value encrypted: {KeyPath.parse(key)}\n" in err
    scalar = read(FILE, KeyPath.parse(key))
    [value] = find_values(text).values
    assert text.startswith(FILE[: scalar.start].rstrip(">|\"' ")), "what stands above stays"
    assert text.endswith(FILE[scalar.end :]), "what stands below stays"
    assert value.path == scalar.path


def test_several_keys_are_encrypted_at_once_and_nothing_else_changes(team: Team, file: Path) -> None:
    keys = [*WANTED]
    ran = team.run("encrypt", "-i", "a.eyaml", "--key", *keys)
    assert ran.status == 0, ran.err
    for key, value in WANTED.items():
        assert team.done("get", "a.eyaml", key) == value
    text = file.read_text()
    kept: tuple[str, ...] = ("# the database\n", "db::host: db1.example.com   # public\n", "   # ask the DBA\n")
    kept += ("'   # single\n", " # why\n", "again: *shared\n", "on: &shared ENC[", "{name: bob, ")
    assert [part for part in kept if part not in text] == []
    assert "literal: >\n  ENC[" in text
    assert len(find_values(text).values) == len(WANTED)


def test_a_number_becomes_a_string_and_the_user_is_told(team: Team, file: Path) -> None:
    _, err = encrypted(team, "port", "on")
    assert "warning: a.eyaml: port: was a number, and is a string to Puppet from now on\n" in err
    assert "warning: a.eyaml: on: was a boolean, and is a string to Puppet from now on\n" in err
    assert "warning: a.eyaml: on: aliases that lead to it, which hold the encrypted value from now on: 1\n" in err


def test_a_line_break_that_puppet_takes_off_is_told(team: Team, file: Path) -> None:
    _, err = encrypted(team, "noted", "literal")
    assert "a.eyaml: noted: ends with a line break, which Puppet takes off" in err
    assert "a.eyaml: literal: ends" not in err


def test_what_is_encrypted_already_is_told_and_left(team: Team, file: Path) -> None:
    encrypted(team, "port")
    before = file.read_bytes()
    assert encrypted(team, "port") == (0, "eyamlgpg: a.eyaml: port: is encrypted already, and was left as it is\n")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("again", "again: is the alias *shared, whose value stands on line 8"),
        ("again", "eyamlgpg:   name the key where it stands: on; all that use it follow"),
        ("users", "users: holds a sequence, not a single value"),
        ("users", "below it are users.0.name, users.0.password, users.1.name, users.1.password\n"),
        ("users.0", "users.0: holds a mapping, not a single value"),
        ("users.0", "name single values; below it are users.0.name, users.0.password\n"),
        ("db::pasword", "db::pasword: there is no such key\neyamlgpg:   did you mean db::password?"),
        ("users.7.name", "users.7: there is no such item, users has items 0 to 1"),
    ],
)  # fmt: skip
def test_one_key_that_cannot_be_encrypted_leaves_the_whole_file(team: Team, file: Path, key: str, said: str) -> None:
    status, err = encrypted(team, "db::password", key)
    assert (status, said in err, file.read_text()) == (3, True, FILE), err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("d: &d {k: v}\na:\n  <<: *d\n", "a.k: comes through the merge key <<"),
        ("a:\n  k: x ENC[GPG,hQEMA] y\n", "a.k: holds an encrypted value inside a longer text"),
        ("a:\n  k: DEC::GPG[x]!\n", "a.k: holds a marker"),
        ("a:\n  k:\n", "a.k: is empty, so nothing stands there to encrypt"),
        ("a:\n  k: !int 3\n", "a.k: its value has the tag !int"),
        ("a:\n  k: x\n  k: y\n", "a.k: stands twice, again on line 3, and Puppet reads the last one alone"),
        ("a:\n  k: x\n  k: ENC[GPG,hQEMA]\n", "a.k: stands twice, again on line 3"),
        ("a:\n  k: x\na:\n  k: y\n", "a: stands twice, again on line 3"),
        ("a:\n  k: &k x\n  j: {*k : 1}\n", "a.k: is a key as well, by the alias on line 3, and Puppet"),
        ("a: [\n", "a.eyaml: line 2: the file cannot be read as YAML"),
    ],
)  # fmt: skip
def test_what_has_no_single_clear_value_is_refused(team: Team, text: str, said: str) -> None:
    (team.folder / "a.eyaml").write_text(text)
    status, err = encrypted(team, "a.k")
    assert (status, said in err, (team.folder / "a.eyaml").read_text()) == (3, True, text), err


def test_no_reader_no_change(team: Team, file: Path) -> None:
    (team.folder / "hiera-eyaml-gpg.recipients").write_text("nobody@example.com\n")
    status, err = encrypted(team, "port")
    assert (status, "nobody@example.com" in err, file.read_text()) == (3, True, FILE)


@pytest.mark.parametrize("keys", [("port", "users.0.name"), ("port", "port")])
def test_keys_may_stand_behind_one_option_and_twice(team: Team, file: Path, keys: tuple[str, ...]) -> None:
    assert team.run("encrypt", "-i", "a.eyaml", "--key", *keys).status == 0
    assert len(find_values(decode(file.read_bytes())).values) == len(set(keys))


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["a.eyaml", "--key", "port"], 2, "--key goes with -i FILE"),
        (["-i", "--key", "port"], 2, "no file was given"),
        (["-i", "a.eyaml"], 2, "no key was given"),
        (["-i", "-", "--key", "port"], 2, "standard input cannot be written back"),
        (["-i", "a.eyaml", "--key", "port", "-s", "x"], 2, "--string does not go with --key"),
        (["-i", "port", "--key", "a.eyaml"], 3, "the file comes first: eyamlgpg encrypt -i a.eyaml --key port"),
        (["-i", "none.eyaml", "--key", "port"], 3, "none.eyaml: there is no such file"),
        (["-i", "a.eyaml", "--key", "a..b"], 3, "the key path has an empty segment"),
    ],
)
def test_words_that_do_not_go_together_change_nothing(
    team: Team, file: Path, words: list[str], status: int, said: str
) -> None:
    ran = team.run("encrypt", *words)
    assert (ran.status, said in ran.err, file.read_text()) == (status, True, FILE), ran.err
