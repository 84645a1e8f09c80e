"""The house has one way through it: every import of every module is held against the table of docs/architecture.md."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "eyamlgpg"


@dataclass(frozen=True)
class Layer:
    """What a layer may import of ours; `operations.results` style names allow single modules of a layer."""

    ours: frozenset[str]


LAYERS = {
    "errors": Layer(frozenset()),
    "model": Layer(frozenset({"errors"})),
    "formats": Layer(frozenset({"errors", "model"})),
    "detectors": Layer(frozenset({"errors", "model", "formats"})),
    "rules": Layer(frozenset({"errors", "model", "formats", "detectors"})),
    "gpg": Layer(frozenset({"errors", "model", "formats"})),
    "repo": Layer(frozenset({"errors", "model"})),
    "host": Layer(frozenset({"errors", "model"})),
    "trees": Layer(frozenset({"errors", "model", "host", "repo"})),
    "pkcs7": Layer(frozenset({"errors", "model"})),
    "operations": Layer(frozenset({"errors", "model", "formats", "detectors", "rules"})),
    "render": Layer(frozenset({"errors", "model", "operations"})),
    "api": Layer(
        frozenset(
            {"errors", "model", "formats", "detectors", "rules", "gpg", "repo", "host", "trees", "operations", "render"}
        )
    ),
    "cli": Layer(
        frozenset(
            {
                "errors",
                "model",
                "formats",
                "detectors",
                "rules",
                "gpg",
                "repo",
                "host",
                "trees",
                "pkcs7",
                "operations",
                "render",
                "api",
                "__init__",
            }
        )
    ),
    "__init__": Layer(frozenset()),
    "__main__": Layer(frozenset({"cli"})),
}

OUTSIDE = {
    "ruamel": {"eyamlgpg/formats/yaml/events.py", "eyamlgpg/formats/yaml/builder.py"},
    "subprocess": {"eyamlgpg/gpg/*.py", "eyamlgpg/repo/*.py", "eyamlgpg/host/*.py"},
    "tempfile": {"eyamlgpg/gpg/*.py", "eyamlgpg/host/*.py"},
    "git": {"eyamlgpg/repo/*.py"},
    "gnupg": {"eyamlgpg/gpg/importing.py"},
    "detect_secrets": {"eyamlgpg/detectors/*.py", "eyamlgpg/rules/plaintext/*.py"},
    "cryptography": {"eyamlgpg/gpg/opening/*.py", "eyamlgpg/gpg/sealing/*.py", "eyamlgpg/pkcs7/*.py"},
    "rich": {"eyamlgpg/render/*.py"},
    "jinja2": {"eyamlgpg/render/*.py"},
    "click": {"eyamlgpg/cli/*.py"},
}
"""Packages that live in named rooms only; every other outside import must be of the standard library."""

PURE = {"errors", "model", "formats", "detectors", "rules", "operations", "render"}
FORBIDDEN_IN_PURE = {"print", "open", "input", "exit"}
MAY_END = {"eyamlgpg/__main__.py", "eyamlgpg/cli/main.py"}


@dataclass(frozen=True)
class Module:
    """One module of the package, parsed."""

    path: Path
    name: str
    """From the repository, as people and the table write it."""
    layer: str
    tree: ast.Module

    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: imports are absolute"
                assert node.module
                if node.module == "eyamlgpg":
                    yield from (f"eyamlgpg.{alias.name}" for alias in node.names)
                else:
                    yield node.module


def parsed(path: Path, root: Path) -> Module:
    inside = path.relative_to(root)
    layer = inside.parts[0] if len(inside.parts) > 1 else inside.stem
    return Module(path, f"{PACKAGE.name}/{inside.as_posix()}", layer, ast.parse(path.read_text()))


def parse_all(root: Path) -> list[Module]:
    return [parsed(path, root) for path in sorted(root.rglob("*.py"))]


MODULES = parse_all(PACKAGE)


def wrong_layers(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        if module.layer not in LAYERS:
            yield f"{module.name} stands in no room that docs/architecture.md names"
            continue
        for imported in module.imports():
            if not imported.startswith("eyamlgpg."):
                continue
            room = imported.split(".")[1]
            room = "__init__" if room == "__version__" else room
            if room != module.layer and room not in LAYERS[module.layer].ours:
                yield f"{module.name} must not import {imported}"


def wrong_packages(modules: list[Module]) -> Iterator[str]:
    for module in modules:
        for imported in module.imports():
            top = imported.split(".")[0]
            if top in OUTSIDE:
                if not any(fnmatch(module.name, room) for room in OUTSIDE[top]):
                    yield f"{imported} in {module.name}"
            elif top != "eyamlgpg" and top not in sys.stdlib_module_names:
                yield f"{module.name} imports {imported}, which the table does not name"


def impurities(modules: list[Module]) -> Iterator[str]:
    """Calls of pure layers that print, open or ask the environment; and ends of the process but by the boundary."""
    for module in modules:
        for node in ast.walk(module.tree):
            place = f"{module.name}:{getattr(node, 'lineno', 0)}"
            if module.layer in PURE and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in FORBIDDEN_IN_PURE:
                    yield f"{place} calls {node.func.id}()"
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                called = (node.value.id, node.attr)
                if called[0] == "os" and module.layer in PURE and called[1] in {"environ", "getenv", "getcwd"}:
                    yield f"{place} os.{node.attr}"
                if called[0] == "os" and module.layer == "api" and called[1] in {"environ", "getenv"}:
                    yield f"{place} os.{node.attr}"
                if called == ("sys", "exit") and module.name not in MAY_END:
                    yield f"{place} sys.exit"


def test_a_module_imports_only_what_its_layer_may() -> None:
    assert list(wrong_layers(MODULES)) == []


def test_outside_packages_stay_in_their_rooms() -> None:
    assert list(wrong_packages(MODULES)) == []


def test_pure_layers_neither_print_nor_open_nor_ask_the_environment_and_only_main_ends_the_process() -> None:
    assert list(impurities(MODULES)) == []


def test_every_wrong_import_is_named_at_once(tmp_path: Path) -> None:
    """Else an empty list would prove nothing."""
    for name, text in {
        "api/a.py": "import os, click\nos.environ\n",
        "model/a.py": "import eyamlgpg.cli.main\nimport subprocess, requests\nfrom eyamlgpg import render\n",
        "rules/access/b.py": "import os, sys\nprint(os.environ)\nsys.exit(1)\n",
        "cellar/c.py": "",
        "cli/d.py": "from eyamlgpg.gpg import session\nprint(1)\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    modules = parse_all(tmp_path)
    assert list(wrong_layers(modules)) == [
        "eyamlgpg/cellar/c.py stands in no room that docs/architecture.md names",
        "eyamlgpg/model/a.py must not import eyamlgpg.cli.main",
        "eyamlgpg/model/a.py must not import eyamlgpg.render",
    ]
    assert list(wrong_packages(modules)) == [
        "click in eyamlgpg/api/a.py",
        "subprocess in eyamlgpg/model/a.py",
        "eyamlgpg/model/a.py imports requests, which the table does not name",
    ]
    assert sorted(impurities(modules)) == [
        "eyamlgpg/api/a.py:2 os.environ",
        "eyamlgpg/rules/access/b.py:2 calls print()",
        "eyamlgpg/rules/access/b.py:2 os.environ",
        "eyamlgpg/rules/access/b.py:3 sys.exit",
    ]
