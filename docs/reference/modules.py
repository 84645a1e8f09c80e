"""Write docs/reference/modules.md from the modules themselves: `tox run -e docs`."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "eyamlgpg"
PAGE = Path(__file__).with_name("modules.md")

HEAD = """# Modules

<!-- Written by `tox run -e docs` from the first line of each module; change that line instead. -->

Every module with the first line of its docstring, by folder. How the folders hang together is told in
[Architecture](../architecture.md).
"""


def folders() -> Iterator[Path]:
    """Every folder of the package that holds modules, the package itself first."""
    yield from sorted({module.parent for module in PACKAGE.rglob("*.py")})


def modules(folder: Path) -> list[Path]:
    """The modules of a folder, without those below it."""
    return sorted(module for module in folder.glob("*.py") if module.name != "__init__.py")


def page() -> str:
    """The page."""
    return "\n".join([HEAD, *(_section(folder) for folder in folders())])


def _section(folder: Path) -> str:
    rows = [f"| `{_name(module)}` | {_first_line(module)} |" for module in modules(folder)]
    return "\n".join([f"## {_name(folder)}", "", _docstring(folder / "__init__.py"), "", *_table(rows)])


def _table(rows: list[str]) -> list[str]:
    return ["| module | |", "| --- | --- |", *rows, ""] if rows else []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _docstring(module: Path) -> str:
    """The first paragraph of a module's docstring, on one line."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _first_line(module: Path) -> str:
    """The first line of a module's docstring, fit for a table."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].replace("|", "\\|").removesuffix(".")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
