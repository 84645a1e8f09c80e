"""The schemas of docs/reference/schemas describe what `--format json` prints, field by field."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from docs.reference.generate import commands
from tests.docs.page import ROOT
from tests.docs.setups import SETUPS, Worlds
from tests.support import keyrings
from tests.support.keyrings import known
from tests.support.tool import Tool

FOLDER = ROOT / "docs" / "reference" / "schemas"
PAGE = ROOT / "docs" / "reference" / "json.md"
SCHEMAS = {path.name.removesuffix(".schema.json"): json.loads(path.read_text()) for path in FOLDER.iterdir()}
BOB = known("bob").fingerprint
PEOPLE = f"version: 1\npeople:\n  - key: {BOB}\n    name: Bob Brown\n    roles: [dba]\n    until: 2027-03-31\n"


@dataclass(frozen=True, slots=True)
class Repository:
    """The team's, with Dora's key beside it; commands run there with Alice's keys."""

    tree: Path
    home: Path

    def run(self, *words: str) -> Any:
        """The document that a command prints."""
        return json.loads(Tool()(*words, "--format", "json", home=self.home, cwd=self.tree).out)

    def do(self, *words: str) -> None:
        """A command that is not about its document."""
        ran = Tool()(*words, home=self.home, cwd=self.tree)
        assert ran.status == 0, ran.err

    def write(self, name: str, text: str) -> None:
        with (self.tree / name).open("a") as file:
            file.write(text)

    def commit(self) -> None:
        person = ["-c", "user.name=Alice Anders", "-c", "user.email=alice@example.com"]
        subprocess.run(["git", "add", "-A"], cwd=self.tree, check=True)
        subprocess.run(["git", *person, "commit", "-q", "-m", "more"], cwd=self.tree, check=True)


def onboard(team: Repository) -> Iterator[Any]:
    yield team.run("onboard", "dora.asc", "--at", "hieradata", "--dry-run")


def readers(team: Repository) -> Iterator[Any]:
    """A value that lacks a reader, one that nobody can open, and one with too many."""
    team.do("recipients", "add", "carol@example.com", "--at", "hieradata/production", "--no-recrypt")
    team.do("recipients", "remove", "bob@example.com", "--at", "hieradata/development", "--no-recrypt")
    team.write("hieradata/common.eyaml", "broken: ENC[GPG,aGVsbG8=]\n")
    yield team.run("who")
    yield team.run("who", "--check")


def recrypt(team: Repository) -> Iterator[Any]:
    list(readers(team))
    yield team.run("recrypt", "--check")
    yield team.run("recrypt")


def findings(team: Repository) -> Iterator[Any]:
    team.write("hieradata/common.eyaml", "profile::mail::password: hunter2-example\n")
    team.write("hieradata/hiera-eyaml-gpg.recipients", "nobody@example.com\ncarol@example.com\n")
    yield team.run("check")
    yield team.run("recipients", "lint")


def recipients(team: Repository) -> Iterator[Any]:
    team.write("hieradata/hiera-eyaml-gpg.recipients", "nobody@example.com\ncarol@example.com\n")
    yield team.run("recipients", "list", "hieradata")


def keys(team: Repository) -> Iterator[Any]:
    yield team.run("keys", "list")


def key_check(team: Repository) -> Iterator[Any]:
    team.write("hieradata/hiera-eyaml-gpg.recipients", "nobody@example.com\n")
    yield team.run("keys", "check")


def doctor(team: Repository) -> Iterator[Any]:
    yield team.run("doctor")


def git_status(team: Repository) -> Iterator[Any]:
    yield team.run("git", "status")
    team.do("git", "install")
    team.write(".gitattributes", "hieradata/common.eyaml diff=other\n")
    yield team.run("git", "status")


def hiera_check(team: Repository) -> Iterator[Any]:
    team.do("hiera", "init", "--homedir", "/etc/puppetlabs/puppet/gpg")
    yield team.run("hiera", "check")
    yield team.run("hiera", "check", "hiera.yaml", "--master", "puppetmaster-prod")


def audit(team: Repository) -> Iterator[Any]:
    list(readers(team))
    yield team.run("audit")
    yield team.run("audit", "HEAD")


def difference(team: Repository) -> Iterator[Any]:
    team.do("recipients", "add", "carol@example.com", "--at", "hieradata/production")
    team.commit()
    yield team.run("audit", "HEAD~1..HEAD")


def change(team: Repository) -> Iterator[Any]:
    """A list, people, a value, other text; then a renamed file whose values are shown."""
    team.do("recipients", "add", "carol@example.com", "--at", "hieradata/production")
    team.do("set", "hieradata/common.eyaml", "profile::db::password", "-s", "other")
    team.write("hieradata/common.eyaml", "more: text\n")
    (team.tree / ".eyamlgpg" / "people.yaml").write_text(PEOPLE)
    team.commit()
    yield team.run("diff", "HEAD~1..HEAD")
    (team.tree / "hieradata/common.eyaml").rename(team.tree / "hieradata/all.eyaml")
    team.do("set", "hieradata/all.eyaml", "profile::db::password", "-s", "third")
    team.commit()
    shown = team.run("diff", "HEAD~1..HEAD", "--show", "--show")
    assert shown["changes"][0]["new"] == "third"
    yield shown


def verify(team: Repository) -> Iterator[Any]:
    """Approved, not approved, and changed after it was approved."""
    (team.tree / ".eyamlgpg" / "policy.yaml").write_text(
        f"version: 1\nrecipients:\n  signed_by: [{known('alice').fingerprint}, {BOB}]\n"
    )
    yield team.run("recipients", "verify")
    team.do("recipients", "sign", "-y")
    team.write("hieradata/hiera-eyaml-gpg.recipients", "carol@example.com\n")
    yield team.run("recipients", "verify")


def offboard(team: Repository) -> Iterator[Any]:
    team.write(".eyamlgpg/people.yaml", PEOPLE)
    yield team.run("offboard", "bob@example.com", "--dry-run")
    yield team.run("offboard", "bob@example.com", "-y")


def rotation(team: Repository) -> Iterator[Any]:
    team.do("recipients", "remove", "bob@example.com", "--everywhere")
    team.commit()
    team.do("set", "hieradata/common.eyaml", "profile::ci::bot", "-s", "new")
    yield team.run("rotation", "bob@example.com", "--all")


CASES: dict[str, Callable[[Repository], Iterator[Any]]] = {
    "audit": audit,
    "audit-difference": difference,
    "diff": change,
    "doctor": doctor,
    "findings": findings,
    "git-status": git_status,
    "hiera-check": hiera_check,
    "keys-check": key_check,
    "keys-list": keys,
    "offboard": offboard,
    "onboard": onboard,
    "recipients-list": recipients,
    "recipients-verify": verify,
    "recrypt": recrypt,
    "rotation": rotation,
    "who": readers,
}


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    made = Worlds()
    yield made
    made.close()


@pytest.fixture
def team(worlds: Worlds) -> Iterator[Repository]:
    folder = keyrings.short_folder()
    tree = SETUPS["a team and a newcomer's key"](folder, worlds)
    yield Repository(tree, folder / ".gnupg")
    for home in (".gnupg", "bob", "dora"):
        keyrings.stop(folder / home)
    keyrings.remove(folder)


def shut(schema: Any) -> Any:
    """The same, with every field that it does not name forbidden: so that a test sees a field without description."""
    if isinstance(schema, list):
        return [shut(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    fields = {"additionalProperties": False} if "required" in schema else {}
    return {name: shut(one) for name, one in schema.items()} | fields


@pytest.mark.parametrize("name", CASES)
def test_what_a_command_prints_is_what_its_schema_says(name: str, team: Repository) -> None:
    validator = jsonschema.Draft202012Validator(
        shut(SCHEMAS[name]), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    printed = list(CASES[name](team))
    assert printed
    assert [f"{error.json_path}: {error.message}" for one in printed for error in validator.iter_errors(one)] == []


def test_a_field_without_description_would_be_seen() -> None:
    strict = jsonschema.Draft202012Validator(shut(SCHEMAS["doctor"]))
    states = {"ok": 0, "note": 0, "unknown": 0, "problem": 0}
    assert strict.is_valid({"schema_version": 1, "states": states, "diagnoses": []})
    assert not strict.is_valid({"schema_version": 1, "states": states | {"new": 0}, "diagnoses": []})
    assert not strict.is_valid({"schema_version": 2, "states": states, "diagnoses": []})


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_has_a_case(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert name in CASES
    assert f"(schemas/{name}.schema.json)" in PAGE.read_text()


def test_the_page_names_every_command_that_prints_json() -> None:
    printing = {
        words
        for words, command in commands()
        for option in command.params
        if "--format" in option.opts
        and isinstance(option.type, click.Choice)
        and "json" in map(str, option.type.choices)
    }
    rows = "".join(line for line in PAGE.read_text().splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(eyamlgpg [a-z ]+)`", rows)) == printing
