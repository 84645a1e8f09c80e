"""`recrypt --from pkcs7`: values move to GPG file by file, and what cannot be opened stays as it is and is named."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs7

from eyamlgpg.formats.eyaml.values import find_values
from tests.support.keyrings import known
from tests.support.pkcs7 import message, pair
from tests.support.team import Team

FROM = ("recrypt", "--from", "pkcs7")


def token(plaintext: bytes, name: str = "ours", scheme: str = "PKCS7,") -> str:
    return f"ENC[{scheme}{b64encode(message(plaintext, pair(name))).decode()}]"


def folded(written: str, indent: str = "  ", width: int = 60) -> str:
    return "\n".join(indent + written[place : place + width] for place in range(0, len(written), width))


@pytest.fixture
def pkcs7_team(team: Team) -> Team:
    """The key pair stands in its usual place."""
    pair().write(team.folder)
    return team


def write(team: Team, name: str, text: str) -> Path:
    file = team.folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    return file


def test_every_value_moves_and_all_else_stays(pkcs7_team: Team) -> None:
    """In a comment, without a method, in quotes, in each kind of block, several in one scalar."""
    written = {
        "---\n# old: {}\na:   '{}'   # why\n": [token(b"old"), token(b"one")],
        "b: {}\nc: u:{}@{}\n": [token(b"no method", scheme=""), token(b"u", scheme="pkcs7,"), token(b"h")],
        "d: >\n{}\ne: >-\n{}\nf: |\n{}\n": [
            folded(token(b"four")),
            folded(token(b"five"), "    ", 64),
            folded(token(b"six\n")),
        ],
        "same: {}\n": [token(b"one")],
    }
    text = "".join(form.format(*values) for form, values in written.items())
    file = write(pkcs7_team, "a.eyaml", text)
    ran = pkcs7_team.run(*FROM, "a.eyaml")
    assert ran.status == 0, ran.err
    assert "9 values in 1 file moved from PKCS7 to GPG" in ran.err
    assert "9 opened again and found the same" in ran.err
    after = file.read_text()
    assert {one.token.scheme for one in find_values(after).values} == {"GPG"}
    shown = "".join(
        form.format(*values)
        for form, values in {
            "---\n# old: {}\na:   '{}'   # why\n": ["DEC::GPG[old]!", "DEC::GPG[one]!"],
            "b: {}\nc: u:{}@{}\n": ["DEC::GPG[no method]!", "DEC::GPG[u]!", "DEC::GPG[h]!"],
            "d: >\n{}\ne: >-\n{}\nf: |\n{}\n": ["  DEC::GPG[four]!", "    DEC::GPG[five]!", "  DEC::GPG[six\n]!"],
            "same: {}\n": ["DEC::GPG[one]!"],
        }.items()
    )
    assert pkcs7_team.done("decrypt", "-e", "a.eyaml").decode() == shown
    widths = [len(line) for line in after.partition("e: >-\n")[2].partition("f:")[0].splitlines()]
    assert max(widths) == 68


def test_values_go_to_the_readers_of_their_folder(pkcs7_team: Team) -> None:
    write(pkcs7_team, "a.eyaml", f"a: {token(b'x')}\n")
    write(pkcs7_team, "nested/b.eyaml", f"b: {token(b'y')}\n")
    write(pkcs7_team, "nested/hiera-eyaml-gpg.recipients", f"{known('alice').fingerprint}\n")
    pkcs7_team.done(*FROM, ".")
    assert pkcs7_team.run("who", "--check").status == 0


def test_values_of_gpg_are_left_even_where_they_are_due(pkcs7_team: Team) -> None:
    file = write(pkcs7_team, "a.eyaml", "ours: DEC::GPG[x]!\n")
    pkcs7_team.done("encrypt", "-i", "-e", "a.eyaml")
    ours = file.read_text()
    pkcs7_team.wanted("alice")
    file.write_text(f"{ours}theirs: {token(b'y')}\n")
    pkcs7_team.done(*FROM, "a.eyaml")
    assert file.read_text().startswith(ours)
    assert pkcs7_team.run("recrypt", "--check").status == 1


def test_what_cannot_be_opened_stays_and_is_named_and_the_rest_is_done(pkcs7_team: Team) -> None:
    damaged = "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]"
    other = token(b"y", "other")
    file = write(pkcs7_team, "a.eyaml", f"a: {token(b'x')}\nb: {other}\nc: {damaged}\n")
    ran = pkcs7_team.run(*FROM, "a.eyaml")
    assert ran.status == 4
    assert "1 value in 1 file moved from PKCS7 to GPG, 0 of GPG already, 1 opened again" in ran.err
    assert "a.eyaml:2: b: this PKCS7 private key does not open it: it was encrypted for another key pair" in ran.err
    assert "a.eyaml:3: c: not a whole PKCS7 message: it is cut short" in ran.err
    moved, *stayed = file.read_text().splitlines()
    assert (moved[:11], stayed) == ("a: ENC[GPG,", [f"b: {other}", f"c: {damaged}"])


def test_a_second_run_goes_on_and_touches_nothing_that_was_moved(pkcs7_team: Team) -> None:
    """As after a run that was broken off, or with the private key of the next pair."""
    file = write(pkcs7_team, "a.eyaml", f"a: {token(b'x')}\nb: {token(b'y', 'other')}\n")
    assert pkcs7_team.run(*FROM, "a.eyaml").status == 4
    first = file.read_text().splitlines()[0]
    assert pkcs7_team.run(*FROM, "a.eyaml", "--check").status == 1
    pair("other").write(pkcs7_team.folder)
    pkcs7_team.done(*FROM, "a.eyaml")
    after = file.read_text()
    assert after.splitlines()[0] == first
    ran = pkcs7_team.run(*FROM, "a.eyaml")
    assert (ran.status, file.read_text()) == (0, after)
    assert "no value of PKCS7 in 1 file, 2 values of GPG left alone" in ran.err


@pytest.mark.parametrize(("option", "status"), [("--check", 1), ("--dry-run", 0)])
def test_a_plan_writes_nothing_and_needs_no_private_key(team: Team, option: str, status: int) -> None:
    text = f"a: {token(b'x')}\nb: 1\n"
    file = write(team, "a.eyaml", text)
    ran = team.run(*FROM, option, ".")
    assert (ran.status, file.read_text()) == (status, text)
    assert ran.text == "./a.eyaml: 1 of 1 value due\n1 of 1 value in 1 of 1 file are of PKCS7\n".replace("./", "")


def test_the_json_document_is_that_of_recrypt(pkcs7_team: Team) -> None:
    write(pkcs7_team, "a.eyaml", f"a: {token(b'x')}\nb: {token(b'y', 'other')}\n")
    ran = pkcs7_team.run(*FROM, "a.eyaml", "--format", "json")
    document = json.loads(ran.out)
    assert document["summary"] == {
        "files": 1,
        "files_due": 1,
        "due": 2,
        "in_line": 0,
        "left_alone": 0,
        "rewritten": 1,
        "extended": 0,
        "failed": 1,
        "verified": 1,
        "unverified": 0,
    }
    assert [error["status"] for error in document["errors"]] == [4]


def test_a_value_that_nobody_here_can_open_again_is_told(pkcs7_team: Team) -> None:
    pkcs7_team.wanted("bob")
    write(pkcs7_team, "a.eyaml", f"a: {token(b'x')}\n")
    ran = pkcs7_team.run(*FROM, "a.eyaml")
    assert ran.status == 0
    assert "1 not opened again, since no secret key here opens them" in ran.err
    assert "names nobody whose secret key is here" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["."], "no PKCS7 private key was found: there is no keys/private_key.pkcs7.pem here"),
        ([".", "--pkcs7-private-key", "nothing.pem"], "nothing.pem: there is no such file"),
        ([".", "--pkcs7-private-key", "locked.pem"], "locked.pem: the private key has a passphrase"),
        (
            [".", "--pkcs7-private-key", "other.pem", "--pkcs7-public-key", "public.pem"],
            "other.pem and public.pem do not belong together",
        ),
    ],
    ids=["none", "nothing", "locked", "of two pairs"],
)
def test_a_key_that_is_missing_or_wrong_ends_the_run_before_it_begins(team: Team, words: list[str], said: str) -> None:
    text = f"a: {token(b'x')}\n"
    file = write(team, "a.eyaml", text)
    (team.folder / "locked.pem").write_bytes(pair().locked)
    (team.folder / "other.pem").write_bytes(pair("other").private())
    (team.folder / "public.pem").write_bytes(pair().certificate)
    ran = team.run(*FROM, *words)
    assert (ran.status, file.read_text()) == (3, text)
    assert said in ran.err


def test_without_the_extra_nothing_is_written(pkcs7_team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"a: {token(b'x')}\n"
    file = write(pkcs7_team, "a.eyaml", text)
    monkeypatch.delattr(pkcs7.PKCS7EnvelopeBuilder, "set_content_encryption_algorithm")
    ran = pkcs7_team.run(*FROM, ".")
    assert (ran.status, file.read_text()) == (3, text)
    assert ran.err.splitlines()[0] == "eyamlgpg: PKCS7 values need the extra pkcs7, which is not installed"
    assert "pip install 'eyamlgpg[pkcs7]'" in ran.err


def test_a_value_that_only_puppet_sees_is_told_and_not_passed_over(pkcs7_team: Team) -> None:
    text = 'a: "EN\\x43' + token(b"x")[3:] + '"\n'
    file = write(pkcs7_team, "a.eyaml", text)
    ran = pkcs7_team.run(*FROM, "a.eyaml")
    assert (ran.status, file.read_text()) == (3, text)
    assert "a.eyaml:1: a: is a token for Puppet only after YAML took its escapes away" in ran.err
    assert pkcs7_team.run("recrypt", "a.eyaml").status == 0


def test_a_list_with_an_error_holds_up_what_it_governs(pkcs7_team: Team) -> None:
    text = f"a: {token(b'x')}\n"
    file = write(pkcs7_team, "nested/a.eyaml", text)
    write(pkcs7_team, "b.eyaml", text)
    write(pkcs7_team, "nested/hiera-eyaml-gpg.recipients", "nobody@example.com\n")
    ran = pkcs7_team.run(*FROM, ".")
    assert (ran.status, file.read_text()) == (3, text)
    assert "1 value in 1 file moved" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--from pkcs7 needs a PATH to work on"),
        ([".", "--all"], "--from pkcs7 does not go with --all or --fresh"),
        ([".", "--fresh"], "--from pkcs7 does not go with --all or --fresh"),
    ],
)
def test_wrong_usage(team: Team, words: list[str], said: str) -> None:
    ran = team.run(*FROM, *words)
    assert ran.status == 2
    assert said in ran.err
