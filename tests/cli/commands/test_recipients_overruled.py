"""A config file that came with the repository overrules no recipients file in silence."""

import json

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
