"""What `edit` says before the editor opens and after it is left, and where the plaintext is meanwhile."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from eyamlgpg.errors import FormatError
from tests.support.team import Team
from tests.support.tool import Ran

VALUE = "k: DEC::GPG[old secret]!\n"


@pytest.fixture
def file(team: Team) -> Path:
    """One value."""
    (team.folder / "a.eyaml").write_text(VALUE)
    team.done("encrypt", "-i", "-e", "a.eyaml")
    return team.folder / "a.eyaml"


def by(team: Team, program: str, *words: str) -> Ran:
    """`edit a.eyaml` with a line of Python as the editor, in which `file` is its path."""
    line = f"import sys, pathlib; file = pathlib.Path(sys.argv[1]); {program}"
    editor = shlex.join([sys.executable, "-I", "-S", "-c", line])
    return team.tool("edit", "a.eyaml", *words, home=team.home, cwd=team.folder, environ={"EDITOR": editor})


CHANGES = "file.write_text(file.read_text().replace('[old', '[new') + 'more: DEC::GPG[x]!\\n')"


@pytest.mark.parametrize(("program", "said"), [(CHANGES, "2 values"), ("file.write_text('k: 1\\n')", "0 values")])
def test_it_says_how_many_values_were_encrypted(team: Team, file: Path, program: str, said: str) -> None:
    assert by(team, program).err.splitlines()[-1] == f"eyamlgpg: a.eyaml: saved, {said} encrypted"
    file.write_text(VALUE)
    team.done("encrypt", "-i", "-q", "-e", "a.eyaml")
    assert by(team, program, "-q").err == ""


def test_an_editor_that_returns_at_once_without_a_change_may_still_have_its_window_open(team: Team, file: Path) -> None:
    *_, warning, last = by(team, "pass").err.splitlines()
    assert (last, "came back at once; if its window is still open" in warning) == (
        "eyamlgpg: a.eyaml: no changes",
        True,
    )
    assert "at once" not in by(team, CHANGES).err
    assert "at once" not in by(team, "__import__('time').sleep(1.1)").err


@pytest.mark.parametrize("there", [True, False])
def test_what_stands_in_the_way_of_new_values_is_told_before_the_editor_opens(
    team: Team, file: Path, there: bool
) -> None:
    (team.folder / "hiera-eyaml-gpg.recipients").unlink()
    if not there:
        file.unlink()
    ran = by(team, "file.write_text('k: DEC::GPG[x]!\\n')")
    before, found, after = ran.err.partition("no recipients: there is no hiera-eyaml-gpg.recipients")
    assert "no new value can be encrypted here, as long as this stands in the way" in before
    assert found
    assert "no recipients: there is no hiera-eyaml-gpg.recipients" in after
    assert ran.status == 3


@pytest.mark.parametrize("there", [True, False])
def test_a_gnupg_home_that_is_not_there_is_told_once_and_no_editor_opens(team: Team, file: Path, there: bool) -> None:
    if not there:
        file.unlink()
    ran = by(replace(team, home=team.folder / "nowhere"), "pathlib.Path('opened').touch()")
    assert (ran.status, ran.err.count("nowhere: there is no such GnuPG home")) == (3, 1)
    assert not (team.folder / "opened").exists()


def test_without_recipients_what_is_no_secret_can_be_edited(team: Team, file: Path) -> None:
    (team.folder / "hiera-eyaml-gpg.recipients").unlink()
    before = file.read_text()
    ran = by(team, "file.write_text(file.read_text() + 'plain: 1\\n')")
    assert (ran.status, file.read_text()) == (0, before + "plain: 1\n")


def test_an_editor_that_is_not_known_is_told_of_in_plain_words(team: Team, file: Path) -> None:
    assert (
        "eyamlgpg does not know this editor, which may leave backup or history files with secrets behind"
        in by(team, CHANGES).err
    )


def test_the_plaintext_is_gone_while_its_new_value_is_encrypted(
    team: Team, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scratch folder holds nothing any more once it was read back, whatever comes then."""
    there = []

    def looked(*words: object) -> bytes:
        there.append(list(tmp_path.rglob("eyamlgpg-edit-*/*")))
        raise FormatError("not now")

    monkeypatch.setattr("eyamlgpg.operations.values.encrypt.Sealing.seal", looked)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("eyamlgpg.host.editing.places.IN_MEMORY", frozenset())
    assert (by(team, CHANGES).status, there) == (3, [[]])


def test_a_killed_edit_is_cleaned_up_after_by_the_next_command(
    team: Team, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    left = tmp_path / "eyamlgpg-edit-dead"
    left.mkdir(mode=0o700)
    (left / "values.yaml").write_text("old secret")
    ran = team.run("get", "a.eyaml", "k")
    assert (ran.status, ran.out, left.exists()) == (0, b"old secret", False)
    assert ran.err == f"eyamlgpg: {left}: removed, with the plaintext of an edit that was killed\n"
