"""What is accepted or dismissed is one finding, and not another that is shown alike."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import GOOD, RECIPIENTS, control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Tool

OF_THE_FILE = {"format-invalid-yaml", "format-no-mapping"}
"""What stays true of the file whatever word stands in it."""
LIST = "hieradata/hiera-eyaml-gpg.recipients"
ALIKE = {
    "keys that are not shown": (
        "hieradata/a.yaml",
        "{}:\n  rootpw: Rosinenbrot7\n",
        "k=alpha,k=test",
        "k=gamma,k=test",
    ),
    "keys that are secrets": ("hieradata/a.yaml", "{}: 1\n", "https://u:Geheim7x@h/", "https://u:Geheim8y@h/"),
    "keys in lists": ("hieradata/a.yaml", '- {} -H "X: y"\n', "curl -u admin:Geheim7x", "curl -u admin:Geheim8y"),
    "lines of what is not YAML": ("hieradata/a.yaml", "x: [\n{}\n", "password = Geheim7x", "password = Geheim8y"),
    "lines of our own files": (
        ".eyamlgpg/notes",
        "see {}\n",
        "https://u:Geheim7x@h.test/",
        "https://u:Geheim8y@h.test/",
    ),
    "recipients": (LIST, RECIPIENTS + "{}\n", "nobody@nowhere.test", "mallory@nowhere.test"),
    "recipients that are not shown": (LIST, RECIPIENTS + "{}\n", "Geheim7x Geheim7x", "Geheim8y Geheim8y"),
}


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


@pytest.mark.parametrize(("file", "text", "old", "new"), ALIKE.values(), ids=ALIKE)
def test_an_accepted_finding_that_was_mended_does_not_pay_for_a_new_one(
    tool: Tool, repository: Repository, file: str, text: str, old: str, new: str
) -> None:
    repository.write(file, text.format(old))
    assert tool("check", "--update-baseline", home=repository.home, cwd=repository.root).status == 0
    assert found(tool, repository) == []
    assert "eheim" not in (repository.root / ".eyamlgpg/baseline.yaml").read_text()
    repository.write(file, text.format(new))
    told = found(tool, repository)
    assert {path for rule, path, _ in told if rule != "exception-stale"} == {file}
    assert "exception-stale" in {rule for rule, *_ in told}


@pytest.mark.parametrize("output", ["sarif", "gitlab"])
@pytest.mark.parametrize(("file", "text", "old", "new"), ALIKE.values(), ids=ALIKE)
def test_a_finding_that_was_dismissed_does_not_dismiss_a_new_one(
    tool: Tool, repository: Repository, output: str, file: str, text: str, old: str, new: str
) -> None:
    def fingerprints(word: str) -> set[str]:
        repository.write(file, text.format(word))
        report = json.loads(tool("check", "--format", output, home=repository.home, cwd=repository.root).out)
        if output == "gitlab":
            return {one["fingerprint"] for one in report if one["check_name"] not in OF_THE_FILE}
        results = [one for one in report["runs"][0]["results"] if one["ruleId"] not in OF_THE_FILE]
        return {one["partialFingerprints"]["eyamlgpg/v1"] for one in results}

    first = fingerprints(old)
    assert first
    assert fingerprints(old) == first
    assert not fingerprints(new) & first


def test_an_entry_of_an_earlier_version_says_that_it_accepts_nothing(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/a.yaml", f"k=alpha,k=test:\n  rootpw: Rosinenbrot7\n  other: {GOOD}\n")
    entry = "- {file: hieradata/a.yaml, rule: plaintext-key-name, key: ‹hidden›.rootpw, reason: a demo}\n"
    repository.write(".eyamlgpg/baseline.yaml", f"version: 1\naccepted:\n{entry}")
    told = [("plaintext-key-name", "hieradata/a.yaml", 2), ("exception-stale", ".eyamlgpg/baseline.yaml", 3)]
    assert found(tool, repository) == told
    ran = tool("check", home=repository.home, cwd=repository.root)
    assert "does not say which hidden key" in ran.out.decode()
    assert "eyamlgpg check --update-baseline" in ran.out.decode()
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    written = (repository.root / ".eyamlgpg/baseline.yaml").read_text()
    assert ("‹hidden " in written, '"a demo"' in written, found(tool, repository)) == (True, True, [])
