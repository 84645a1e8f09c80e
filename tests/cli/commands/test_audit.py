"""`audit` as a user runs it: over the working tree, at a commit, and between two; keys named wherever they stand."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Desk, Ran
from tests.support.keyrings import known
from tests.support.repository import Repository, start

ALICE, BOB, CAROL = (known(name).fingerprint for name in ("alice", "bob", "carol"))
MASTER = known("puppetmaster-prod").fingerprint
KEYS = Path(__file__).resolve().parents[3] / "fixtures" / "keys"


@dataclass
class Team:
    """Alice's keyring at a repository whose values are for her, Bob and a puppetmaster, then for Carol as well."""

    desk: Desk
    repository: Repository

    def run(self, *words: str) -> Ran:
        return self.desk.run("audit", *words)

    def told(self, *words: str) -> Any:
        """The JSON report."""
        ran = self.run(*words, "--format", "json")
        assert (ran.status, ran.stderr) == (0, "")
        return json.loads(ran.stdout)


@pytest.fixture
def team(home: Callable[[str], Path], tmp_path: Path) -> Team:
    desk = Desk(home("alice"), tmp_path / "tree")
    repository = start(desk.folder)
    desk.write(".eyamlgpg/policy.yaml", f"version: 1\npuppetmasters:\n  puppetmaster-prod: {MASTER}\n")
    desk.governs("data", "alice", "bob", "puppetmaster-prod")
    one, two = desk.values(["x", "y"], "alice", "bob", "puppetmaster-prod")
    desk.write("data/a.eyaml", f"---\na: {one}\nb: {two}\n")
    repository.commit()
    repository.git("tag", "first")
    [three] = desk.values(["z"], "alice", "bob", "carol", "puppetmaster-prod")
    desk.write("data/a.eyaml", f"---\na: {one}\nc: {three}\n")
    repository.commit()
    return Team(desk, repository)


def readers(told: Any) -> dict[str, list[str]]:
    return {value["key"]: value["readers"] for value in told["values"]}


def test_the_working_tree_a_commit_and_the_difference_of_two(team: Team) -> None:
    team.desk.write("data/a.eyaml", "---\n")
    assert readers(team.told()) == {}
    before = team.told("first")
    assert readers(before) == {key: [ALICE, BOB, MASTER] for key in "ab"}
    assert [value["wanted"] for value in before["values"]] == [[ALICE, BOB, MASTER]] * 2
    assert before["at"]["commit"] == team.repository.git("rev-parse", "first").strip()
    assert {one["fingerprint"]: one["kind"] for one in before["people"]} == {
        ALICE: "person",
        BOB: "person",
        MASTER: "master",
    }
    assert before["share"] == {"people": [ALICE], "values": 2}
    made = team.told("first..HEAD")
    assert made["changes"] == [
        {
            "path": "data/a.eyaml",
            "key": "b",
            "kind": "removed",
            "added_readers": [],
            "removed_readers": [ALICE, BOB, MASTER],
        },
        {
            "path": "data/a.eyaml",
            "key": "c",
            "kind": "added",
            "added_readers": [ALICE, BOB, CAROL, MASTER],
            "removed_readers": [],
        },
    ]
    assert [one["fingerprint"] for one in made["people"]["joined"]] == [CAROL]
    assert made["people"]["left"] == []


def test_the_lists_and_the_policy_are_those_of_the_commit(team: Team) -> None:
    team.desk.governs("data", "alice")
    team.desk.write(".eyamlgpg/policy.yaml", "version: 1\n")
    assert [value["wanted"] for value in team.told("HEAD")["values"]] == [[ALICE, BOB, MASTER]] * 2
    assert [value["wanted"] for value in team.told()["values"]] == [[ALICE]] * 2


def test_a_path_narrows_the_report_and_the_word_may_be_a_path_or_a_commit(team: Team) -> None:
    [value] = team.desk.values(["w"], "alice")
    team.desk.write("other/b.yaml", f"d: {value}\n")
    assert readers(team.told("other")) == {"d": [ALICE]}
    assert set(readers(team.told("data/a.eyaml"))) == {"a", "c"}
    assert set(readers(team.told("first", "data"))) == {"a", "b"}
    gone = team.run("first", "other")
    assert (gone.status, gone.stderr) == (3, "eyamlgpg: other: there is no such file or folder in first\n")
    team.repository.git("branch", "other")
    both = team.run("other")
    assert both.status == 2
    assert "other: is a file or folder, and names a commit, too" in both.stderr
    assert set(readers(team.told("other^0"))) == {"a", "c"}
    assert readers(team.told("./other")) == {"d": [ALICE]}


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("nothing", "nothing: names no commit, and there is no such file or folder"),
        ("first..nothing", "nothing: names no commit of this repository"),
        ("nothing..", "nothing: names no commit of this repository"),
    ],
)
def test_what_is_neither_is_status_3(team: Team, word: str, sentence: str) -> None:
    ran = team.run(word)
    assert (ran.status, ran.stdout, ran.stderr.splitlines()[0]) == (3, "", f"eyamlgpg: {sentence}")


def test_a_revision_is_never_an_option_of_git(team: Team) -> None:
    for word in ("--all", "--output=x"):
        ran = team.run("--", word)
        assert ran.status == 3
        assert not (team.desk.folder / "x").exists()


def test_keys_that_left_the_keyring_are_named_from_the_repository(team: Team, home: Callable[[str], Path]) -> None:
    """Frank has no key: Alice's stands in .eyamlgpg/keys, Bob's in the folder for former ones, Carol's in the past."""
    keys = team.desk.folder / ".eyamlgpg" / "keys"
    (keys / "former").mkdir(parents=True)
    for name, folder in (("alice", keys), ("bob", keys / "former"), ("carol", keys)):
        text = (KEYS / f"{name}.pub.asc").read_text()
        (folder / f"{known(name).fingerprint}.asc").write_text(text)
    team.repository.commit()
    (keys / f"{CAROL}.asc").unlink()
    team.repository.commit()
    strangers = Desk(home("frank-only"), team.desk.folder)
    told = json.loads(strangers.run("audit", "--format", "json").stdout)
    sources = {one["fingerprint"]: one["source"] for one in told["people"]}
    [unknown] = [one for one in told["people"] if one["kind"] == "unknown"]
    assert sources == {
        ALICE: "repository",
        BOB: "former",
        CAROL: "history",
        known("puppetmaster-prod").encryption_key_id: None,
    }
    assert unknown["user_id"] == f"the unknown key {unknown['fingerprint']}"
    assert "access-unknown" in [risk["rule"] for risk in told["risks"]]


def test_every_risk_is_found_with_the_people_file_of_the_tree(team: Team) -> None:
    team.desk.write(
        ".eyamlgpg/people.yaml",
        "version: 1\npeople:\n"
        f"  - key: {ALICE}\n    name: Alice\n    roles: [ops]\n"
        f"  - key: {BOB}\n    name: Bob\n    roles: [dba, ops]\n    until: 2020-01-31\n",
    )
    alone, unserved = team.desk.values(["v"], "alice")[0], team.desk.values(["w"], "alice", "bob")[0]
    team.desk.write("data/b.eyaml", f"alone: {alone}\nunserved: {unserved}\n")
    told = team.told()
    found = {risk["rule"]: [value["key"] for value in risk["values"]] for risk in told["risks"]}
    assert found == {
        "recipients-until-passed": ["a", "c", "unserved"],
        "access-unexpected": ["c"],
        "access-no-puppetmaster": ["alone", "unserved"],
        "access-few-people": ["alone"],
    }
    [bob] = [one for one in told["people"] if one["fingerprint"] == BOB]
    assert (bob["roles"], bob["until"]) == (["dba", "ops"], "2020-01-31")


def test_text_csv_and_html_tell_the_same(team: Team) -> None:
    text = team.run().stdout
    assert "2 values in 1 file; 3 people, 1 puppetmaster" in text
    assert "You can read 2 values of 2 (100 %)." in text
    assert max(map(len, text.splitlines())) <= 80
    rows = list(csv.DictReader(io.StringIO(team.run("--format", "csv").stdout)))
    assert [(row["key"], row["reader"], row["access"]) for row in rows if row["reader"] == CAROL] == [
        ("c", CAROL, "unexpected")
    ]
    page = team.run("--format", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert "Carol Chen &lt;carol@example.com&gt;" in page
    assert '<p class="moment">tree, the working tree on 20' in page
    assert '<p class="moment">tree, first, commit ' in team.run("first", "--format", "html").stdout
    assert team.run("first..HEAD", "--format", "html").stdout.startswith("<!DOCTYPE html>")


def test_the_report_goes_into_a_file_as_a_whole(team: Team) -> None:
    file = team.desk.folder / "report.html"
    ran = team.run("--format", "html", "-o", "report.html")
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "eyamlgpg: report.html: written\n")
    assert file.read_text().endswith("</html>\n")
    before = file.stat().st_ino
    assert team.run("-q", "-o", "report.html").stderr == ""
    assert file.stat().st_ino != before
    assert team.run("-o", "no/such/report").status == 3


def test_a_damaged_value_is_told_and_hides_no_other(team: Team) -> None:
    team.desk.write("data/c.eyaml", "broken: ENC[GPG,aGVsbG8=]\n")
    ran = team.run("--format", "json")
    told = json.loads(ran.stdout)
    assert (ran.status, set(readers(told))) == (4, {"a", "c"})
    assert "data/c.eyaml:1: broken: not a whole OpenPGP message" in told["errors"][0]["message"]


def test_settings_with_errors_are_told_and_hide_no_reader(team: Team) -> None:
    team.desk.write(".eyamlgpg/policy.yaml", "version: 1\nnonsense: 1\n")
    team.desk.write(".eyamlgpg/keys/large.asc", "x" * 2_000_000)
    ran = team.run("--format", "json")
    assert (ran.status, set(readers(json.loads(ran.stdout)))) == (3, {"a", "c"})
    assert ".eyamlgpg/policy.yaml:2" in ran.stderr


def test_it_works_without_git_and_without_any_keyring(tmp_path: Path, home: Callable[[str], Path]) -> None:
    desk = Desk(home("alice"), tmp_path / "plain")
    [value] = desk.values(["x"], "alice")
    desk.write("a.eyaml", f"a: {value}\n")
    assert desk.run("audit").status == 0
    assert desk.run("audit", "HEAD").status == 3
    environ = {name: text for name, text in desk.environ.items() if name != "GNUPGHOME"} | {"HOME": str(tmp_path)}
    argv = desk.argv("audit", "--format", "json")
    ran = subprocess.run(argv, cwd=desk.folder, env=environ, capture_output=True, text=True, check=True)
    assert [one["kind"] for one in json.loads(ran.stdout)["people"]] == ["unknown"]
