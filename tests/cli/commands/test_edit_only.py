"""`edit --only`: some values opened, all others as they are in the file."""

import os
import shlex
import sys
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.gpg.opening.direct import DirectDecrypter
from tests.support import terminals
from tests.support.commands import REPOSITORY
from tests.support.team import Team
from tests.support.tool import Ran

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

MARKERS = """\
a: DEC::GPG[one]!
db:
  - &it DEC::GPG[two]!
  - user: DEC::GPG[three]!
    password: >
      DEC::GPG[four]!
copy: *it
b: DEC::GPG[five]!  # last
"""


@pytest.fixture
def file(team: Team) -> Path:
    """Five values and an alias."""
    (team.folder / "a.eyaml").write_text(MARKERS)
    team.done("encrypt", "-i", "-q", "-e", "a.eyaml")
    return team.folder / "a.eyaml"


def by(team: Team, program: str, *words: str) -> Ran:
    """`edit a.eyaml WORDS` with a line of Python as the editor, which keeps what it saw in `seen`."""
    seen = team.folder.parent / "seen"
    line = (
        f"import sys, pathlib; file = pathlib.Path(sys.argv[1]); text = file.read_text();"
        f"pathlib.Path({str(seen)!r}).write_text(text); {program}"
    )
    editor = shlex.join([sys.executable, "-I", "-S", "-c", line])
    return team.tool("edit", "a.eyaml", *words, home=team.home, cwd=team.folder, environ={"EDITOR": editor})


def seen(team: Team) -> str:
    return (team.folder.parent / "seen").read_text()


@pytest.mark.parametrize(
    ("words", "opened"),
    [
        (["--only", "a"], ["one"]),
        (["--only", "a", "b"], ["one", "five"]),
        (["--only", "b", "--only", "a"], ["one", "five"]),
        (["--only", "db"], ["two", "three", "four"]),
        (["--only", "db.1"], ["three", "four"]),
        (["--only", "db.1.password"], ["four"]),
        (["--only", "copy"], ["two"]),
        (["--only", "db.0", "copy"], ["two"]),
    ],
)
def test_the_values_at_the_keys_are_opened_and_no_other(
    team: Team, file: Path, words: list[str], opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = []
    real = DirectDecrypter.decrypt_many

    def counting(self: DirectDecrypter, asked: object) -> object:
        messages.extend(every := list(asked))  # type: ignore[call-overload]
        return real(self, every)

    monkeypatch.setattr(DirectDecrypter, "decrypt_many", counting)
    before = file.read_bytes()
    assert by(team, "pass", *words).status == 0
    assert [word for word in ("one", "two", "three", "four", "five") if f"::GPG[{word}]!" in seen(team)] == opened
    assert len(messages) == len(opened), "a smart card is not asked about any other value"
    count = 5 - len(opened)
    assert seen(team).count("ENC[GPG,") == count
    assert f"# | {count} values were not asked for and stay encrypted." in seen(team)
    assert file.read_bytes() == before


def test_a_change_leaves_the_others_byte_for_byte(team: Team, file: Path) -> None:
    before = file.read_text().splitlines()
    ran = by(team, "file.write_text(text.replace('[five]', '[new]'))", "--only", "b")
    assert (ran.status, ran.err.splitlines()[-1]) == (0, "eyamlgpg: a.eyaml: saved, 1 value encrypted")
    assert file.read_text().splitlines()[:-1] == before[:-1]
    assert [team.done("get", "a.eyaml", key) for key in ("a", "b")] == [b"one", b"new"]


def test_what_the_user_does_to_the_others_is_taken_as_without_only(team: Team, file: Path) -> None:
    """A value that was not opened can be moved and deleted like any text; a new one gets no number."""
    program = (
        "kept = [line for line in text.splitlines() if not line.startswith('b:')];"
        "kept[-1:] = [kept[-1], 'moved: ' + text.split('\\nb: ')[1].split(' ')[0], 'new: DEC::GPG[six]!', ''];"
        "file.write_text('\\n'.join(kept))"
    )
    assert by(team, program, "--only", "a").status == 0
    assert [team.done("get", "a.eyaml", key) for key in ("a", "moved", "new")] == [b"one", b"five", b"six"]
    assert team.run("get", "a.eyaml", "b").status == 3


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--only", "db.1.pasword"], 3, "db.1.pasword: there is no such key\neyamlgpg:   did you mean db.1.password?"),
        (["--only", "a", "x", "y"], 3, "a.eyaml: y: there is no such key"),
        (["--only", "clear"], 3, "a.eyaml: clear: holds nothing encrypted"),
        (["--only", "a", "-d"], 2, "--only and -d do not go together"),
        (["--only", "a..b"], 3, "the key path has an empty segment"),
        (["hunter2"], 2, "One word too many. It takes one FILE."),
    ],
)
def test_no_editor_opens_for_a_key_that_is_not_there(
    team: Team, file: Path, words: list[str], status: int, said: str
) -> None:
    file.write_text(file.read_text() + "clear: 1\n")
    ran = by(team, "pass", *words)
    assert (ran.status, said in ran.err) == (status, True), ran.err
    assert not (team.folder.parent / "seen").exists()


def test_a_new_file_has_nothing_to_open(team: Team) -> None:
    ran = by(team, "pass", "--only", "k")
    assert (ran.status, "a.eyaml: there is no such file" in ran.err) == (3, True)


def test_at_a_terminal_one_value_is_shown_and_a_slip_leads_back_to_it(team: Team, file: Path) -> None:
    """The marker is half open after the first save; the way back shows the same text, the others still closed."""
    line = (
        "import sys, pathlib; file = pathlib.Path(sys.argv[1]); text = file.read_text();"
        "print('OPENED', text.count('::GPG['), text.count('ENC[GPG,'), flush=True);"
        "file.write_text(text.replace('[one]!', '[ones') if '[one]!' in text else text.replace('[ones', '[ones]!'))"
    )
    environ = os.environ | {
        "GNUPGHOME": str(team.home),
        "PYTHONPATH": str(REPOSITORY),
        "EDITOR": shlex.join([sys.executable, "-I", "-S", "-c", line]),
    }
    command = ["-m", "eyamlgpg", "edit", "a.eyaml", "--only", "a"]
    session = pexpect.spawn(
        sys.executable, command, cwd=str(team.folder), env=environ, timeout=20, encoding="utf-8", dimensions=(24, 80)
    )
    session.expect_exact("OPENED 1 4")
    session.expect_exact("Return to the editor? [y/n] ")
    assert "half open" in terminals.shown(session)
    session.send("y\r")
    session.expect_exact("OPENED 1 4")
    session.expect_exact("a.eyaml: saved, 1 value encrypted")
    session.expect(pexpect.EOF)
    session.close()
    assert (session.exitstatus, team.done("get", "a.eyaml", "a")) == (0, b"ones")
