"""`recipients lint` holds the tier rules against the recipients files of a real tree."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.keyrings import known
from tests.support.tool import Person

FILE = "hiera-eyaml-gpg.recipients"
ALICE, PROD, DEV = (known(name).fingerprint for name in ("alice", "puppetmaster-prod", "puppetmaster-dev"))
POLICY = (
    f"version: 1\npuppetmasters:\n  prod: {PROD}\n  dev: {DEV}\n"
    "rules:\n  - paths: production/**\n    needs: prod\n    never: dev\n"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".eyamlgpg").mkdir()
    (tmp_path / ".eyamlgpg" / "policy.yaml").write_text(POLICY)
    (tmp_path / "production").mkdir()
    (tmp_path / "production" / "a.eyaml").write_text("---\nk: ENC[GPG,hQEMA/Fa8EgKitVVtgEH]\n")
    return tmp_path


def linted(who: Person, *words: str) -> tuple[int, list[tuple[Any, ...]]]:
    said = who("recipients", "lint", *words, "--format", "json")
    findings = json.loads(said.text)["findings"]
    return said.status, [(one["rule"], one["path"], one["line"]) for one in findings if one["rule"].startswith("tier")]


def test_rules_that_are_kept_are_no_finding(home: Callable[[str], Path], tree: Path) -> None:
    (tree / "production" / FILE).write_text(f"{ALICE}\n{PROD}\n")
    assert linted(Person(home("alice"), tree)) == (0, [])


def test_a_file_above_that_governs_a_tier_is_told(home: Callable[[str], Path], tree: Path) -> None:
    (tree / FILE).write_text(f"{ALICE}\n{DEV}\n")
    expected = [("tier-missing", FILE, None), ("tier-forbidden", FILE, 2)]
    assert linted(Person(home("alice"), tree)) == (1, expected)


def test_only_what_was_asked_about_is_told(home: Callable[[str], Path], tree: Path) -> None:
    (tree / "production" / FILE).write_text(f"{ALICE}\n{DEV}\n")
    (tree / "dev").mkdir()
    (tree / "dev" / FILE).write_text(f"{ALICE}\n{DEV}\n")
    who = Person(home("alice"), tree)
    assert linted(who, "dev") == (0, [])
    assert [rule for rule, *_ in linted(who)[1]] == ["tier-missing", "tier-forbidden"]


def test_a_rule_about_nothing_is_told_once_for_the_whole_tree(home: Callable[[str], Path], tree: Path) -> None:
    (tree / FILE).write_text(f"{ALICE}\n{PROD}\n")
    (tree / ".eyamlgpg" / "policy.yaml").write_text(POLICY.replace("production", "producton"))
    assert linted(Person(home("alice"), tree)) == (1, [("tier-unused", ".eyamlgpg/policy.yaml", 6)])


def test_a_policy_that_is_wrong_is_an_error_by_line(home: Callable[[str], Path], tree: Path) -> None:
    (tree / FILE).write_text(f"{ALICE}\n{PROD}\n")
    (tree / ".eyamlgpg" / "policy.yaml").write_text(POLICY.replace("needs: prod", "needs: prd"))
    said = Person(home("alice"), tree)("recipients", "lint")
    assert (said.status, said.text, said.err.splitlines()[0]) == (
        3,
        "",
        "eyamlgpg: .eyamlgpg/policy.yaml:7: prd does not stand under puppetmasters",
    )
