"""A config file that came with the repository overrules no recipients file in silence."""

import json

import pytest

from tests.support.keyrings import known
from tests.support.team import Team

WARNING = "eyamlgpg: warning: {path}:2: gpg_recipients overrules the recipients files\n"


def planted(team: Team) -> str:
    """The path of a config file that names somebody else, as it is shown."""
    path = team.folder / ".eyaml" / "config.yaml"
    path.parent.mkdir()
    path.write_text(f"---\ngpg_recipients: {known('alice').fingerprint},{known('carol').fingerprint}\n")
    return str(path)


def test_whoever_encrypts_is_warned(team: Team) -> None:
    path = planted(team)
    ran = team.run("encrypt", "-s", "x", "-o", "string")
    assert (ran.status, ran.err) == (0, WARNING.format(path=path))


def test_whoever_names_the_recipients_needs_no_warning(team: Team) -> None:
    planted(team)
    ran = team.run("encrypt", "-s", "x", "-o", "string", "--gpg-recipients", known("bob").fingerprint)
    assert (ran.status, ran.err) == (0, "")


def test_lint_reports_it(team: Team) -> None:
    path = planted(team)
    ran = team.run("recipients", "lint", "--format", "json")
    [finding] = [one for one in json.loads(ran.out)["findings"] if one["path"] == path]
    assert (ran.status, finding["rule"], finding["severity"], finding["line"]) == (
        1,
        "recipients-overruled",
        "error",
        2,
    )


LISTED = "hiera-eyaml-gpg.recipients"
COMMANDS = {
    "set": ("set", "a.eyaml", "k", "-s", "x"),
    "encrypt": ("encrypt", "-s", "x", "-o", "string"),
    "edit": ("edit", "b.eyaml"),
    "recrypt": ("recrypt", "--check", "."),
    "who": ("who", "."),
    "recipients-list": ("recipients", "list"),
    "recipients-lint": ("recipients", "lint"),
}


def told(team: Team, *words: str) -> list[str]:
    return [line for line in team.run(*words).err.splitlines() if "overrules" in line]


@pytest.mark.parametrize("where", ["HOME", "EYAML_CONFIG"])
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_config_of_the_users_own_is_told_once_where_a_list_is_there(
    team: Team, words: tuple[str, ...], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (team.folder / "b.eyaml").write_bytes(b"b: " + team.done("encrypt", "-s", "x", "-o", "string") + b"\n")
    (team.folder / "a.eyaml").write_text("a: 1\n")
    own = team.folder.parent / "own" / ".eyaml" / "config.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(f"gpg_recipients: {known('alice').fingerprint}\n")
    monkeypatch.setenv("EDITOR", "true")  # changes nothing, and the warning comes before it opens
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv(where, str(own if where == "EYAML_CONFIG" else own.parent.parent))
    warning = f"eyamlgpg: warning: {own}:1: gpg_recipients overrules the recipients files"
    assert told(team, *words) == [f"{warning}, such as {LISTED}"]
    assert told(team, *words, "-q") == []
    by_check = f"{warning} for set, edit, encrypt, recrypt and who; check goes by the recipients files"
    assert told(team, "check") == [by_check]
    (team.folder / LISTED).unlink()
    assert (told(team, *words), told(team, "check")) == ([], [])


def test_a_config_that_names_the_very_list_overrules_nothing(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    own = team.folder.parent / "own.yaml"
    own.write_text(f"gpg_recipients_file: {team.folder / LISTED}\n")
    monkeypatch.setenv("EYAML_CONFIG", str(own))
    assert told(team, *COMMANDS["encrypt"]) == []
