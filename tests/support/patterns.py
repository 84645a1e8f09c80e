"""Every regular expression of the package, and texts that are made to be slow for it, from its own parse tree."""

import ast
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "eyamlgpg"
REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}
parser = _parser
ONE_CHARACTER = {codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN}
LONG = 50
"""A repeat that may take more than this may be what makes a text slow."""
CANDIDATES = "a0A -_.:/=#'\"\t\n<>(){}[]@%$,;&!*+?~é"


@dataclass(frozen=True)
class Written:
    """A regular expression and where it stands."""

    module: str
    line: int
    source: str
    flags: int
    is_bytes: bool
    called: str = ""
    """The function of `re` that it is given to, where it stands in a call."""

    @property
    def name(self) -> str:
        return f"{self.module.removeprefix(PACKAGE + '.')}:{self.line}"

    @property
    def pattern(self) -> re.Pattern[Any]:
        source = self.source.encode("latin-1") if self.is_bytes else self.source
        return re.compile(source, self.flags & ~re.UNICODE)

    @property
    def tree(self) -> Any:
        return parser.parse(self.source.encode("latin-1") if self.is_bytes else self.source, self.flags & ~re.UNICODE)

    def methods(self) -> frozenset[str]:
        """By which methods the module uses it; `search` where that cannot be seen."""
        if self.called:
            return frozenset({self.called})
        path = ROOT.joinpath(*self.module.split(".")).with_suffix(".py")
        tree = ast.parse(path.read_text())
        names = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and node.lineno <= self.line <= (node.end_lineno or 0)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Call)
        }
        called = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
        }
        for loop in (node for node in ast.walk(tree) if isinstance(node, ast.GeneratorExp)):
            inside = {node.id for node in ast.walk(loop.generators[0].iter) if isinstance(node, ast.Name)}
            variable = loop.generators[0].target
            if inside & names and isinstance(variable, ast.Name):
                uses = [node for node in ast.walk(loop.elt) if isinstance(node, ast.Attribute)]
                called |= {use.attr for use in uses if isinstance(use.value, ast.Name) and use.value.id == variable.id}
        return frozenset(called) or frozenset({"search"})


def every() -> list[Written]:
    """Those compiled at import, as they are then, and the literal ones inside functions."""
    found = _at_import()
    known = {one.source for one in found}
    for path in sorted(ROOT.joinpath(PACKAGE).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first, of = node.args[0], node.func.value
                source = first.value if isinstance(first, ast.Constant) else None
                if isinstance(of, ast.Name) and of.id == "re" and isinstance(source, str) and source not in known:
                    found.append(Written(module, node.lineno, source, 0, False, node.func.attr))
    return found


def _at_import() -> list[Written]:
    import subprocess

    argv = [sys.executable, "-m", __name__]
    out = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Written(*one) for one in json.loads(out)]


def groups_without_way_back(tree: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Possessive repeats of more than one character, and atomic groups, anywhere in a parse tree."""
    for code, value in tree:
        if code is codes.ATOMIC_GROUP:
            yield "an atomic group"
        if code is codes.POSSESSIVE_REPEAT and not (len(value[2]) == 1 and value[2][0][0] in ONE_CHARACTER):
            yield "a possessive repeat of a group"
        for inner in _inner(code, value):
            yield from groups_without_way_back(inner)


def _inner(code: Any, value: Any) -> list[Any]:
    if code in REPEATS:
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.ATOMIC_GROUP:
        return [value]
    if code is codes.BRANCH:
        return list(value[1])
    return [value[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def hostile(written: Written) -> list[tuple[str, str]]:
    """What a text begins with, and what it then repeats: of each long repeat its body, of all a whole match."""
    pumps: dict[tuple[str, str], None] = {}
    whole = _samples(written.tree)
    for one in whole:
        pumps["", one] = pumps["", one[:-1]] = None
    for before, repeated in _pumps(written.tree, ""):
        pumps[before, repeated] = pumps["", before + repeated] = None
        if before:
            pumps["", before] = None
    return [(before, repeated) for before, repeated in pumps if repeated]


def _pumps(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    for code, value in tree:
        if code in REPEATS and value[1] > LONG:
            yield from ((before, sample) for sample in _samples(value[2]))
        for inner in _inner(code, value):
            if code is not codes.ASSERT_NOT:
                yield from _pumps(inner, before)
        before += _samples([(code, value)])[0]


def _samples(tree: Any) -> list[str]:
    """A few texts that a part of a pattern matches, shortest repeats first."""
    texts = [""]
    for code, value in tree:
        texts = [text + one for text in texts for one in _parts(code, value)][:6]
    return texts


def _parts(code: Any, value: Any) -> list[str]:
    if code is codes.LITERAL:
        return [chr(value)]
    if code in (codes.NOT_LITERAL, codes.ANY, codes.IN):
        return [char for char in CANDIDATES if _matches(code, value, char)][:4] or [""]
    if code in REPEATS:
        return [sample * max(value[0], 1) for sample in _samples(value[2])]
    if code is codes.BRANCH:
        return [sample for branch in value[1] for sample in _samples(branch)[:2]]
    if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        return _samples(_inner(code, value)[0])
    return [""]


def _matches(code: Any, value: Any, char: str) -> bool:
    """Whether a part that takes one character takes this one."""
    if code is codes.ANY:
        return char != "\n"
    if code is codes.NOT_LITERAL:
        return bool(ord(char) != value)
    is_negated: bool = value[0][0] is codes.NEGATE
    return any(_in_class(one, of, char) for one, of in value[is_negated:]) != is_negated


def _in_class(code: Any, value: Any, char: str) -> bool:
    if code is codes.LITERAL:
        return bool(ord(char) == value)
    if code is codes.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    is_word, is_digit, is_space = char.isalnum() or char == "_", char.isdigit(), char.isspace()
    kind = str(value).rpartition("CATEGORY_")[2]
    says = {"WORD": is_word, "DIGIT": is_digit, "SPACE": is_space}[kind.removeprefix("NOT_")]
    return says != kind.startswith("NOT_")


def _record() -> None:
    """Import every module and print what it compiles meanwhile."""
    found: list[tuple[str, int, str, int, bool]] = []
    compiled = re.compile

    def recording(source: Any, flags: Any = 0) -> re.Pattern[Any]:
        pattern = compiled(source, flags)
        caller = sys._getframe(1)
        module = str(caller.f_globals.get("__name__"))
        if module.startswith(PACKAGE) and not isinstance(source, re.Pattern):
            is_bytes = isinstance(source, bytes)
            text = source.decode("latin-1") if isinstance(source, bytes) else str(source)
            found.append((module, caller.f_lineno, text, pattern.flags, is_bytes))
        return pattern

    re.compile = recording  # type: ignore[assignment]
    package = importlib.import_module(PACKAGE)
    for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _record()
