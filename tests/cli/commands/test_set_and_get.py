"""What `set` and `get` say: which key was made or replaced, and of what is wrong the nearest cause first."""

import sys
from pathlib import Path

import pexpect
import pytest

from tests.support import keyrings
from tests.support.team import Team

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

ROOT = str(Path(__file__).parents[3])


@pytest.fixture
def file(team: Team) -> Path:
    """One value."""
    (team.folder / "a.eyaml").write_text("profile::db::password: DEC::GPG[x]!\nprofile::api::token: 1\nempty:\n")
    team.done("encrypt", "-i", "-e", "a.eyaml")
    return team.folder / "a.eyaml"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.eyaml", "profile::db::password"], "a.eyaml: profile::db::password: replaced"),
        (["a.eyaml", "empty"], "a.eyaml: empty: replaced"),
        (["a.eyaml", "profile::db::pasword"], "a.eyaml: profile::db::pasword: new"),
        (["a.eyaml", "users.password"], "a.eyaml: users.password: new"),
        (["b.eyaml", "k"], "b.eyaml: k: new, in a new file"),
    ],
)
def test_set_says_whether_the_key_is_new(team: Team, file: Path, words: list[str], said: str) -> None:
    """A typo in the key, or in the file's name, is seen at once."""
    ran = team.run("set", *words, "-s", "y")
    assert (ran.status, ran.out, ran.err) == (0, b"", f"eyamlgpg: {said}\n")
    assert team.run("set", *words, "-s", "y", "-q").err == ""


@pytest.mark.parametrize("words", [["get", "profile::db::password", "a.eyaml"], ["set", "k", "a.eyaml", "-s", "x"]])
def test_a_key_before_the_file_is_told_as_such(team: Team, file: Path, words: list[str]) -> None:
    ran = team.run(*words)
    assert (ran.status, ran.err.splitlines()) == (
        3,
        [
            f"eyamlgpg: {words[1]}: there is no such file",
            f"eyamlgpg:   the file comes first: eyamlgpg {words[0]} a.eyaml {words[1]}",
        ],
    )
    assert sorted(path.name for path in team.folder.iterdir()) == ["a.eyaml", "hiera-eyaml-gpg.recipients"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["set", ".", "k", "-s", "x"], ".: is a folder"),
        (["edit", "."], ".: is a folder"),
        (["set", "broken.yaml", "k", "-s", "x"], "broken.yaml: line 2: the file cannot be read as YAML"),
        (["set", "a.eyaml", "profile::db::password.k", "-s", "x"], "a.eyaml: profile::db::password.k: there is no"),
        (["encrypt", "-f", "nowhere"], "nowhere: there is no such file"),
        (["encrypt", "-f", "."], ".: is a folder"),
    ],
)
def test_the_nearest_cause_is_told_though_there_are_no_recipients_either(
    team: Team, file: Path, words: list[str], said: str
) -> None:
    (team.folder / "hiera-eyaml-gpg.recipients").unlink()
    (team.folder / "broken.yaml").write_text("a: [\n")
    ran = team.run(*words)
    assert (ran.status, ran.err.splitlines()[0].startswith(f"eyamlgpg: {said}")) == (3, True), ran.err


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("profile::db::pasword", "did you mean profile::db::password?"),
        ("profile.db.password", "did you mean profile::db::password?"),
        ("profile::api::tokn", "did you mean profile::api::token?"),
        ("nothing::like::it::at::all", None),
    ],
)
def test_a_mistyped_key_is_answered_with_the_nearest_alone(team: Team, file: Path, key: str, hint: str | None) -> None:
    said = team.run("get", "a.eyaml", key).err.splitlines()
    assert said[1:] == ([f"eyamlgpg:   {hint}"] if hint else [])


def test_keys_that_are_equally_near_are_all_named(team: Team) -> None:
    (team.folder / "b.yaml").write_text("key1: a\nkey2: b\n")
    assert "did you mean key1 or key2?" in team.run("get", "b.yaml", "key").err.replace("key2 or key1", "key1 or key2")


def test_at_a_terminal_the_prompt_does_not_follow_the_value_on_its_line(team: Team, file: Path) -> None:
    environ = {**keyrings.environment(), "GNUPGHOME": str(team.home), "PYTHONPATH": ROOT}
    words = ["-m", "eyamlgpg", "get", "a.eyaml", "profile::api::token"]
    session = pexpect.spawn(sys.executable, words, env=environ, cwd=str(team.folder), encoding="utf-8", timeout=60)
    session.expect(pexpect.EOF)
    session.close()
    assert (session.exitstatus, session.before) == (0, "1\r\n")


def test_raw_is_the_gems_word_for_string(team: Team) -> None:
    for output in ("raw", "string"):
        token = team.done("encrypt", "-s", "x", "-o", output).decode()
        assert (token.startswith("ENC[GPG,"), token.endswith("]")) == (True, True)
    (team.folder / ".eyaml").mkdir()
    (team.folder / ".eyaml" / "config.yaml").write_text("output: raw\n")
    assert team.done("encrypt", "-s", "x").endswith(b"]")
