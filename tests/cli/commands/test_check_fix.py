"""`check --fix`: what was found in clear text, encrypted where it stands, and what git keeps of it."""

import json
import os
import subprocess
import sys
from typing import Any

import pexpect
import pytest

from tests.support import terminals
from tests.support.commands import REPOSITORY
from tests.support.team import Team
from tests.support.tool import Ran

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

CLEAR = """\
db::password: Kirschkuchen9   # ask
mail::password: 998877665544
web::host: www.example.com
"""
QUESTION = "eyamlgpg: a.eyaml:1: db::password: encrypt it where it stands? [plaintext-key-name] [y/n] "


def git(team: Team, *words: str) -> str:
    """Git in the team's folder, as somebody whose name is known."""
    who = ("-c", "user.name=Alice", "-c", "user.email=alice@example.com", "-c", "commit.gpgsign=false")
    ran = subprocess.run(["git", *who, *words], cwd=team.folder, capture_output=True, text=True, check=True)
    return ran.stdout


@pytest.fixture
def tree(team: Team) -> Team:
    """A repository whose file with two secrets in clear text was never committed."""
    git(team, "init", "-q")
    (team.folder / "a.eyaml").write_text(CLEAR)
    git(team, "add", "hiera-eyaml-gpg.recipients")
    git(team, "commit", "-q", "-m", "lists")
    return team


def fixed(team: Team, *words: str, stdin: bytes = b"") -> Ran:
    return team.run("check", "--fix", "--format", "json", *words, stdin=stdin)


def left(ran: Ran) -> list[tuple[str, str]]:
    """The key and the rule of what is in clear text still."""
    findings = json.loads(ran.out)["findings"]
    return [(one["key"], one["rule"]) for one in findings if one["rule"].startswith("plaintext-")]


def test_with_y_every_value_is_encrypted_and_the_tree_is_checked_again(tree: Team) -> None:
    ran = fixed(tree, "-y")
    assert (ran.status, left(ran)) == (0, []), ran.err
    assert "eyamlgpg: a.eyaml: 2 values encrypted\n" in ran.err
    assert "a.eyaml: mail::password: was a number, and is a string to Puppet from now on" in ran.err
    assert "a.eyaml: no commit of this clone holds these values in clear text" in ran.err
    assert "a.eyaml: for the next commit: git add a.eyaml" in ran.err
    assert "Kirschkuchen9" not in ran.err
    text = (tree.folder / "a.eyaml").read_text()
    assert text.endswith("web::host: www.example.com\n")
    assert "]   # ask\n" in text
    assert [tree.done("get", "a.eyaml", key) for key in ("db::password", "mail::password")] == [
        b"Kirschkuchen9",
        b"998877665544",
    ]


def test_each_value_is_asked_about_and_what_is_refused_stays_and_counts(tree: Team) -> None:
    ran = fixed(tree, stdin=b"n\ny\n")
    assert (ran.status, left(ran)) == (1, [("db::password", "plaintext-key-name")])
    assert QUESTION in ran.err
    assert "998877665544" not in ran.err + ran.text
    assert tree.done("get", "a.eyaml", "mail::password") == b"998877665544"
    assert (tree.folder / "a.eyaml").read_text().startswith(CLEAR.splitlines()[0])


def test_nobody_to_answer_is_an_error_and_nothing_changes(tree: Team) -> None:
    ran = fixed(tree)
    assert (ran.status, "answer with -y, or run it at a terminal" in ran.err) == (3, True)
    assert (tree.folder / "a.eyaml").read_text() == CLEAR


def test_what_a_commit_holds_must_be_changed_and_not_only_encrypted(tree: Team) -> None:
    """The file had another name, and the value other quotes; the other value is only staged."""
    (tree.folder / "a.eyaml").rename(tree.folder / "old.eyaml")
    (tree.folder / "old.eyaml").write_text(
        CLEAR.replace("Kirschkuchen9", "'Kirschkuchen9'").replace("99887766", "1234")
    )
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "clear")
    commit = git(tree, "rev-parse", "--short=9", "HEAD").strip()
    git(tree, "mv", "old.eyaml", "a.eyaml")
    git(tree, "commit", "-q", "-m", "renamed")
    (tree.folder / "a.eyaml").write_text(CLEAR)
    git(tree, "add", "a.eyaml")
    ran = fixed(tree, "-y")
    assert ran.status == 0, ran.err
    [told] = [line for line in ran.err.splitlines() if "that git keeps" in line]
    assert told.startswith("eyamlgpg: warning: a.eyaml: db::password: stands in clear text in 1 version of the file")
    assert f"first in commit {commit} of " in told
    assert told.endswith(" by Alice: change the secret itself as well")
    assert "a.eyaml: what is staged still holds it in clear text: git add a.eyaml" in ran.err


def test_the_secret_is_in_no_argument_list_of_git(tree: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "clear")
    commands: list[str] = []
    real = subprocess.Popen.__init__

    def watched(self: Any, args: Any, *rest: Any, **named: Any) -> None:
        commands.append(repr((args, named.get("env"))))
        real(self, args, *rest, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", watched)
    ran = fixed(tree, "-y")
    assert "that git keeps" in ran.err
    assert any("cat-file" in command for command in commands)
    assert [command for command in commands if "Kirschkuchen9" in command] == []


BY_HAND = {
    "m_password: DEC::GPG[x]!\n": "it is a marker; encrypt it: eyamlgpg encrypt -i -e a.eyaml",
    "# DEC::GPG[x]!\nk: 1\n": "it is a marker; encrypt it",
    "env: |\n  HOST=x\n  DB_PASSWORD=Gugelhupf77x\n": "it stands inside a longer text; encrypt the secret alone",
    "text: see https://u:Gugelhupf77x@h/ there\n": "it stands inside a longer text; encrypt it under a key of its own",
    "x: &p Gugelhupf77x\ny_password: *p\n": "it is an alias; encrypt the value that it stands for",
    "a_password: Gugelhupf77x ENC[GPG,hQEMA]\n": "it stands beside an encrypted value; write the rest as DEC::GPG[…]!",
    "k: 1\n---\nb_password: Gugelhupf77x\n": "it stands in another document than the first, which Puppet does not read",
    "c_password: Gugelhupf77x\nc_password: ENC[GPG,hQEMA]\n": "its key stands twice, and Puppet reads the other value",
    "d_password: !int 77Gugelhupf77x\n": "no encrypted value can be put there; take the tag away by hand",
    "password: Gugelhupf77x\nbad: [\n": "the file cannot be read as YAML; print the encrypted value with",
}


@pytest.mark.parametrize("text", BY_HAND)
def test_what_cannot_be_encrypted_where_it_stands_is_named_with_what_to_do(team: Team, text: str) -> None:
    (team.folder / "a.eyaml").write_text(text)
    ran = fixed(team, "-y")
    assert f"cannot be encrypted where it stands: {BY_HAND[text]}" in ran.err
    assert "Gugelhupf77x" not in ran.err + ran.text
    assert (team.folder / "a.eyaml").read_text() == text
    assert left(ran) != []


def test_a_key_that_may_be_a_secret_itself_is_not_shown(tree: Team) -> None:
    (tree.folder / "a.eyaml").write_text(
        "users:\n  'mysql -u root -p88Gugelhupf':\n    password: 88Gugelhupf77x\n    pin_password: 1234567\n"
    )
    ran = fixed(tree, stdin=b"y\ny\n")
    assert (ran.status, "a.eyaml: 2 values encrypted" in ran.err, len(left(ran))) == (1, True, 1), ran.err
    assert "a.eyaml:2: users.‹hidden›: cannot be encrypted where it stands: it is a key" in ran.err
    assert "a.eyaml:3: users.‹hidden›.password: encrypt it where it stands?" in ran.err
    assert "users.‹hidden›.pin_password: was a number" in ran.err
    assert "88Gugelhupf" not in ran.err


def test_what_stands_among_our_own_files_is_not_encrypted(tree: Team) -> None:
    """Nothing is decrypted there."""
    ours = tree.folder / ".eyamlgpg" / "notes.yaml"
    ours.parent.mkdir()
    ours.write_text("token: ghp_" + "aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5" + "\n")
    before = ours.read_text()
    ran = fixed(tree, "-y")
    assert "notes.yaml:1: token: cannot be encrypted where it stands: nothing is decrypted in this file" in ran.err
    assert (ours.read_text(), [rule for _, rule in left(ran)]) == (before, ["plaintext-provider-token"])


def test_a_file_that_cannot_be_encrypted_leaves_the_others_done(tree: Team) -> None:
    other = tree.folder / "other"
    other.mkdir()
    (other / "hiera-eyaml-gpg.recipients").write_text("nobody@example.com\n")
    (other / "b.eyaml").write_text(CLEAR)
    ran = fixed(tree, "-y")
    assert (ran.status, "nobody@example.com" in ran.err) == (3, True)
    assert ("db::password", "plaintext-encrypted-elsewhere") in left(ran)
    assert (other / "b.eyaml").read_text() == CLEAR
    assert tree.done("get", "a.eyaml", "db::password") == b"Kirschkuchen9"


def test_a_tree_without_clear_text_is_only_checked(tree: Team) -> None:
    (tree.folder / "a.eyaml").write_text("web::host: www.example.com\n")
    ran = fixed(tree)
    assert (ran.status, "no value in clear text was found, so there is nothing to encrypt" in ran.err) == (0, True)


@pytest.mark.parametrize(
    "words", [["--staged"], ["--update-baseline"], ["--keyring", "repo"]], ids=lambda words: words[0]
)
def test_options_that_do_not_go_with_it_change_nothing(tree: Team, words: list[str]) -> None:
    ran = fixed(tree, "-y", *words)
    assert (ran.status, ran.out, f"--fix and {' '.join(words)} do not go together" in ran.err) == (2, b"", True)
    assert (tree.folder / "a.eyaml").read_text() == CLEAR


def test_at_a_terminal_a_wrong_answer_is_asked_again_and_the_value_is_not_shown(tree: Team) -> None:
    environ = os.environ | {"GNUPGHOME": str(tree.home), "PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"}
    session = pexpect.spawn(
        sys.executable,
        ["-m", "eyamlgpg", "check", "--fix"],
        cwd=str(tree.folder),
        env=environ,
        timeout=30,
        encoding="utf-8",
        dimensions=(24, 120),
    )
    said = ""
    for expected, answer in ((QUESTION, "maybe"), (QUESTION, "y"), ("a.eyaml:2: mail::password: encrypt it", "n")):
        session.expect_exact(expected)
        said += terminals.shown(session)
        session.send(f"{answer}\r")
    session.expect(pexpect.EOF)
    said += terminals.shown(session)
    session.close()
    assert (session.exitstatus, "a.eyaml: 1 value encrypted" in said) == (1, True)
    assert "1 error" in said.splitlines()[-2]
    assert "Kirschkuchen9" not in said
    assert tree.done("get", "a.eyaml", "db::password") == b"Kirschkuchen9"


def test_an_interruption_leaves_the_file_as_it_was(tree: Team) -> None:
    environ = os.environ | {"GNUPGHOME": str(tree.home), "PYTHONPATH": str(REPOSITORY)}
    session = pexpect.spawn(
        sys.executable, ["-m", "eyamlgpg", "check", "--fix"], cwd=str(tree.folder), env=environ, timeout=30
    )
    session.expect_exact(QUESTION.encode())
    session.send(b"y\r")
    session.expect_exact(b"mail::password: encrypt it where it stands?")
    session.sendintr()
    session.expect(pexpect.EOF)
    session.close()
    assert (session.exitstatus, (tree.folder / "a.eyaml").read_text()) == (130, CLEAR)
