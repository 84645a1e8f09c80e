"""A secret goes in by `set` and comes out by `get`, whatever was edited or re-encrypted in between: no byte is lost."""

import subprocess
from pathlib import Path

import pytest

from tests.support.corpus import TOKEN
from tests.support.team import Team

SECRETS = {
    "the end of a marker": b"b]!",
    "the end of a marker, escaped": b"a]\\!b]!\nc]\\\\!",
    "markers": b"k: DEC::GPG[a]!b]!\n",
    "a numbered marker": b"DEC(1)::GPG[x]! and DEC\\(2)::GPG[",
    "empty": b"",
    "a final newline": b"secret word\n",
    "final newlines": b"secret word\n\n\n",
    "newlines alone": b"\n\n",
    "CRLF": b"secret\r\nword\r\n",
    "blanks": b"  secret word\t ",
    "binary": bytes(range(256)),
    "latin-1": b"caf\xe9 secret",
    "NUL": b"secret\0word",
    "not ASCII": "Grüße, 日本語 🔑 \u2028 \ufeff".encode(),
    "a value": b"ENC[GPG,aGVsbG8=]",
    "a key": b"-----BEGIN KEY-----\n" + b"QUJD" * 2000 + b"\n-----END KEY-----\n",
}


def in_clear(secret: bytes, file: Path) -> bool:
    """Whether anything of a secret that is worth the name stands in the file outside of its values."""
    around = TOKEN.sub(b"", file.read_bytes())
    pieces = [secret, *secret.split(b"]!"), *secret.split()]
    return any(len(piece) > 2 and piece in around for piece in pieces) or b"DEC" in around


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_no_byte_of_a_secret_is_lost_and_nothing_of_it_stands_in_clear(secret: bytes, team: Team) -> None:
    file = team.folder / "a.eyaml"
    file.write_text("---\nfirst: 1 # one\nother: 2\n")

    def intact() -> bool:
        return team.done("get", "a.eyaml", "first") == secret and not in_clear(secret, file)

    team.done("set", "a.eyaml", "first", "--stdin", stdin=secret)
    assert intact(), "set"

    # an edit beside it keeps its ciphertext
    before = TOKEN.findall(file.read_bytes())
    assert team.edit("a.eyaml", [["replace", "other: 2", "other: DEC::GPG[w]!"]]).status == 0
    assert (intact(), TOKEN.findall(file.read_bytes())[0]) == (True, before[0]), "edit of another value"

    # taking the number off asks for a new ciphertext of the same secret
    if "DEC(" in team.shown().partition("first: ")[2].partition("other")[0]:
        assert team.edit("a.eyaml", [["sub", r"^first: DEC\(\d+\)", "first: DEC"]]).status == 0
        assert (intact(), TOKEN.findall(file.read_bytes())[0] != before[0]) == (True, True), "edit of the value"

    team.done("recrypt", "--all", "a.eyaml")
    assert intact(), "recrypt --all"

    file.write_bytes(team.done("decrypt", "-e", "a.eyaml"))
    file.write_bytes(team.done("encrypt", "-e", "-", stdin=file.read_bytes()))
    assert intact(), "decrypt -e, encrypt -e"


def test_all_of_them_in_one_file(team: Team) -> None:
    file = team.folder / "a.eyaml"
    for at, secret in enumerate(SECRETS.values()):
        team.done("set", "a.eyaml", f"key{at}", "--stdin", stdin=secret)
    team.wanted("alice", "carol")
    team.done("recrypt", "a.eyaml")
    assert team.edit("a.eyaml", [["append", "last: DEC::GPG[x]!\n"]]).status == 0

    came = [team.done("get", "a.eyaml", f"key{at}") for at in range(len(SECRETS))]
    assert came == list(SECRETS.values())
    assert [name for name, secret in SECRETS.items() if in_clear(secret, file)] == []


# everything else in a file stays as it is

STRANGE = (
    "\ufeff---\r\n"
    "# a comment, with ENC[the docs!] in it\r\n"
    "base: &anchor\r\n"
    "  one:   'plain'   # two blanks\r\n"
    "  list:\t[1,  2]\t# tabs\r\n"
    "copy: *anchor\r\n"
    'quoted: "DEC::GPG[first]!" # behind\r\n'
    "block: >\r\n"
    "    DEC::GPG[second]!\r\n"
    "\r\n"
    "mixed: LF alone\n"
    "---\r\n"
    "again: DEC::GPG[third]!\r\n"
    "last: no newline behind"
)


def git(folder: Path, *words: str) -> str:
    argv = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.autocrlf=false", *words]
    return subprocess.run(argv, cwd=folder, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(STRANGE, 2, id="comments, anchors, CRLF, BOM, tabs, no final newline, two documents"),
        pytest.param("a: DEC::GPG[first]!\nb: DEC::GPG[second]!", 1, id="no final newline"),
        pytest.param(
            "- DEC::GPG[first]!\n- >\n    DEC::GPG[second]!\n-   DEC::GPG[third]!\n\n\n", 2, id="final newlines"
        ),
        pytest.param("k: *nobody\n\ta: DEC::GPG[first]!\n]: DEC::GPG[second]!\n", 1, id="not YAML"),
        pytest.param("k: caf\udce9\na: DEC::GPG[first]!\nb: DEC::GPG[second]!\n", 1, id="not UTF-8"),
    ],
)
def test_the_difference_of_an_edit_is_the_edited_value(text: str, kept: int, team: Team) -> None:
    file = team.folder / "a.eyaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    team.done("encrypt", "-i", "-e", "a.eyaml")
    before = file.read_bytes()
    git(team.folder, "init", "-q")
    git(team.folder, "add", ".")
    git(team.folder, "commit", "-qm", "as it was")

    assert team.edit("a.eyaml", [["replace", "[first]!", "[changed]!"]]).status == 0

    old, new = TOKEN.findall(before), TOKEN.findall(file.read_bytes())
    assert (new[0] != old[0], new[1:], len(old)) == (True, old[1:], kept + 1)
    assert file.read_bytes() == before.replace(old[0][1], new[0][1])
    difference = git(team.folder, "diff", "-U0").splitlines()
    assert [line[:1] for line in difference if not line.startswith(("---", "+++"))][-2:] == ["-", "+"]
    assert git(team.folder, "diff", "--numstat").split() == ["1", "1", "a.eyaml"]


def test_an_edit_that_changes_nothing_writes_nothing(team: Team) -> None:
    file = team.folder / "a.eyaml"
    file.write_text(STRANGE, newline="")
    team.done("encrypt", "-i", "-e", "a.eyaml")
    before, status = file.read_bytes(), file.stat()

    assert team.edit("a.eyaml", []).err.endswith("eyamlgpg: a.eyaml: no changes\n")
    assert (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns) == (
        before,
        status.st_ino,
        status.st_mtime_ns,
    )


@pytest.mark.parametrize(
    "words", [("encrypt", "-i", "-e", "a.eyaml"), ("encrypt", "-e", "a.eyaml"), ("edit", "a.eyaml")], ids=" ".join
)
def test_a_text_that_would_not_be_yaml_any_more_is_refused(team: Team, words: tuple[str, ...]) -> None:
    """The name of a key on one line has at most 1,024 characters, and a token with two readers is longer."""
    path = team.folder / "a.eyaml"
    path.write_text(f"a: 1\nDEC::GPG[{'Kirsch' * 150}]!: 2\n")
    before = path.read_bytes()
    ran = team.run(*words) if words[0] == "encrypt" else team.edit("a.eyaml", [["append", "b: 3\n"]])
    assert (ran.status, ran.out, path.read_bytes()) == (3, b"", before)
    assert "a.eyaml:2: with this change it is no longer YAML: " in ran.err or words[0] == "edit"
    assert "no longer YAML" in ran.err
    assert "Kirsch" not in ran.err


def test_what_puppet_will_not_read_is_told_where_it_was_no_yaml_before(team: Team) -> None:
    """It is encrypted all the same: clear text on the disk would be worse."""
    (team.folder / "a.eyaml").write_text("a: [DEC::GPG[x]!, b]\n")
    ran = team.run("encrypt", "-i", "-e", "a.eyaml")
    assert ran.status == 0
    assert "warning: a.eyaml:1: is not YAML, so Puppet fails on it: " in ran.err
