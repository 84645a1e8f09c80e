"""The house has one way through it: every import of every module is held against the table of docs/architecture.md."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest

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
                "__init__",
            }
        )
    ),
    "__init__": Layer(frozenset()),
    "__main__": Layer(frozenset({"cli"})),
}

OUTSIDE = {
    "ruamel": {
        "eyamlgpg/formats/yaml/events.py",
        "eyamlgpg/formats/yaml/builder.py",
        "eyamlgpg/formats/eyaml/config.py",
    },
    "gnupg": {"eyamlgpg/gpg/*.py"},
    "subprocess": {"eyamlgpg/gpg/*.py", "eyamlgpg/repo/*.py", "eyamlgpg/host/*.py"},
    "tempfile": {"eyamlgpg/gpg/*.py", "eyamlgpg/host/*.py"},
    "git": {"eyamlgpg/repo/*.py"},
    "detect_secrets": {"eyamlgpg/detectors/*.py", "eyamlgpg/rules/plaintext/*.py"},
    "cryptography": {"eyamlgpg/gpg/opening/*.py", "eyamlgpg/gpg/sealing/*.py", "eyamlgpg/pkcs7/*.py"},
    "rich": {"eyamlgpg/render/*.py"},
    "jinja2": {"eyamlgpg/render/*.py"},
    "click": {"eyamlgpg/cli/*.py"},
}
"""Packages that live in named rooms only; every other outside import must be of the standard library."""

PURE = {"errors", "model", "formats", "detectors", "rules", "operations", "render"}
FORBIDDEN_IN_PURE = {"print", "open", "input", "exit"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def layer_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            if node.module == "eyamlgpg":
                yield from (f"eyamlgpg.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    layer = layer_of(path)
    assert layer in LAYERS, f"{name_of(path)} stands in no room that docs/architecture.md names"
    for imported in imports(ast.parse(path.read_text())):
        if not imported.startswith("eyamlgpg."):
            continue
        room = imported.split(".")[1]
        room = "__init__" if room == "__version__" else room
        assert room == layer or room in LAYERS[layer].ours, f"{name_of(path)} must not import {imported}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_outside_packages_stay_in_their_rooms(path: Path) -> None:
    import sys

    for imported in imports(ast.parse(path.read_text())):
        top = imported.split(".")[0]
        if top == "eyamlgpg":
            continue
        if top in OUTSIDE:
            assert any(fnmatch(name_of(path), room) for room in OUTSIDE[top]), f"{imported} in {name_of(path)}"
        else:
            assert top in sys.stdlib_module_names, f"{name_of(path)} imports {imported}, which the table does not name"


@pytest.mark.parametrize("path", [path for path in modules() if layer_of(path) in PURE], ids=name_of)
def test_pure_layers_neither_print_nor_open_nor_ask_the_environment(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_IN_PURE, f"{name_of(path)}:{node.lineno} calls {node.func.id}()"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            assert node.attr not in {"environ", "getenv", "getcwd"}, f"{name_of(path)}:{node.lineno} os.{node.attr}"


def test_only_main_ends_the_process() -> None:
    for path in modules():
        if name_of(path) in {"eyamlgpg/__main__.py", "eyamlgpg/cli/main.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert (node.value.id, node.attr) != ("sys", "exit"), f"{name_of(path)}:{node.lineno}"
