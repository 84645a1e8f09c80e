"""Each file is parsed once, and what comes out is what a check that knew all files beforehand would say."""

from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import pytest

from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml, Structure
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.check.report import CheckReport
from eyamlgpg.rules.knowledge.tree import collect
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from tests.support.checks import GOOD, LIST, READERS, RECIPIENTS, Scene
from tests.support.fakes import FakeTree
from tests.support.trees import value

ENCRYPTED = value("x", *READERS)
ALLOWED = "  # eyamlgpg: allow plaintext-encrypted-elsewhere -- a sandbox"
SENSITIVE = "lookup_options:\n  app::grain:\n    convert_to: Sensitive\n"
FILES = {
    "clear.eyaml": "app::pepper: Kirsch\napp::host: db1\n",
    "encrypted.eyaml": f"app::pepper: {ENCRYPTED}\napp::salt: {ENCRYPTED}\nusers:\n- phrase: {ENCRYPTED}\n",
    "excepted.eyaml": f"app::salt: Kirsch{ALLOWED}\n",
    "items.yaml": "users:\n- phrase: Kirsch\n- phrase: ''\n",
    "itself.eyaml": f"users:\n- phrase: {ENCRYPTED}\n- phrase: Kirsch\n",
    "other.eyaml": f"app::host: db2\napp::port: 5432\napp::grain: Kirsch\na: {ENCRYPTED}\n",
    "sensitive.yaml": SENSITIVE,
}


def tree(names: Sequence[str]) -> FakeTree:
    """The files under names that put them into this order."""
    numbered = {f"{number}-{name}": FILES[name] for number, name in enumerate(names)}
    return FakeTree({RECIPIENTS: LIST, **numbered})


def in_clear(report: CheckReport) -> list[Finding]:
    return [one for one in report.findings if one.rule.startswith("plaintext-")]


def expected(names: Sequence[str]) -> list[Finding]:
    """What the rules on clear text say where everything is known, without exceptions."""
    read = [Subject.read(f"{number}-{name}", FILES[name]) for number, name in enumerate(names)]
    knowledge = collect(read, Scene(tree(names)).terms.names)
    return [finding for subject in read for finding in clear_text.find(subject, knowledge)]


@pytest.mark.parametrize("first", FILES)
def test_the_order_of_the_files_changes_nothing_but_the_place_that_is_told(first: str) -> None:
    for others in list(permutations(name for name in FILES if name != first))[::31]:
        names = (first, *others)
        report = Scene(tree(names)).run()
        assert in_clear(report) == [one for one in expected(names) if "excepted" not in one.path]
        assert (report.excepted, report.files, report.values) == (1, 8, 5)


def parsed(monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> Counter[str]:
    """How often each text was parsed in a check of the tree."""
    seen: Counter[str] = Counter()

    def counted(text: str) -> Structure | NotYaml:
        seen[text] += 1
        return locate(text)

    monkeypatch.setattr("eyamlgpg.formats.eyaml.values.locate", counted)
    Scene(FakeTree(files)).run()
    return seen


def test_a_file_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{number}.eyaml": f"k{number}: {ENCRYPTED}\nh{number}: db1\n" for number in range(9)}
    assert set(parsed(monkeypatch, {RECIPIENTS: LIST, **files}).values()) == {1}


def test_only_a_file_with_a_key_that_another_encrypts_is_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.eyaml": "app::pepper: Kirsch\n", "b.eyaml": GOOD, "c.eyaml": "app::host: db1\n"}
    assert parsed(monkeypatch, {RECIPIENTS: LIST, **files}) == {files["a.eyaml"]: 2, GOOD: 1, files["c.eyaml"]: 1}
