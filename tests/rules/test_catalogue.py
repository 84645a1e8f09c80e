"""A rule stands once: its id, its severity and its page; and every finding is made by its rule."""

import ast
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from textwrap import dedent
from types import ModuleType
from typing import TypeVar

import eyamlgpg.rules
from eyamlgpg.rules.catalogue import RULES
from eyamlgpg.rules.kinds import FileRule
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule
from tests.rules.format import test_rules

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "eyamlgpg"
PAGE = ROOT / "docs" / "contributing" / "rule.md"

T = TypeVar("T", bound=ast.AST)


def test_every_rule_of_every_module_has_its_page() -> None:
    modules = [import_module(one.name) for one in walk_packages(eyamlgpg.rules.__path__, "eyamlgpg.rules.")]
    made = {rule.id for module in modules for rule in vars(module).values() if isinstance(rule, Rule)}
    assert made == {rule.id for rule in RULES}


def test_a_finding_is_made_by_its_rule_alone() -> None:
    made = [path.name for path, node in nodes(ast.Call) if ast.unparse(node.func).rpartition(".")[2] == "Finding"]
    # The API has a type of its own, with fields that it promises.
    assert made == ["convert_check.py", "rule.py"]


def test_an_id_stands_once_in_the_code() -> None:
    """Twice would be once too many when its severity or its sense changes."""
    ids = {rule.id for rule in RULES}
    found = Counter(node.value for _, node in nodes(ast.Constant) if node.value in ids)
    assert found == Counter(ids)


def test_the_rule_of_the_guide_works() -> None:
    """Whoever follows docs/contributing/rule.md gets what its table of tests says."""
    text = PAGE.read_text()
    [code] = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    module = ModuleType("no_break_space")
    exec(compile(dedent(code), "no_break_space.py", "exec"), vars(module))  # noqa: S102 - it is our own page
    order = re.findall(r"FileRule\(.+?\)(?=,\n)", text)
    assert order == ["FileRule(no_break_space.RULE, no_break_space.find)"]
    rule = FileRule(module.RULE, module.find)
    [(row, expected)] = [ast.literal_eval(line) for line in re.findall(r"^ +(\(\".+\]\)),$", text, re.MULTILINE)]
    found = rule.find(Subject.read("a.yaml", row))
    assert [(one.rule, one.line, one.column, one.key) for one in found] == expected
    others = vars(test_rules.test_each_fault_is_told_with_its_place)["pytestmark"][0].args[1]
    assert not [text for text, _ in others if list(rule.find(Subject.read("a.yaml", text)))]


def nodes(kind: type[T]) -> list[tuple[Path, T]]:
    parsed = ((path, ast.parse(path.read_text())) for path in sorted(PACKAGE.rglob("*.py")))
    return [(path, node) for path, tree in parsed for node in ast.walk(tree) if isinstance(node, kind)]
