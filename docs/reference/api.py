"""Write docs/reference/api.md from `eyamlgpg.api` itself: `tox run -e docs`."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from eyamlgpg import api
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.pkcs7.private_key import PrivateKey

PAGE = Path(__file__).with_name("api.md")

HEAD = """# Python API

<!-- Written by `tox run -e docs` from eyamlgpg/api; change the docstrings there instead. -->

`from eyamlgpg.api import …` gives the names of this page, but for [PrivateKey](#privatekey), which needs an extra; no
other module of the package is meant for others.
[From Python and Ansible](../howto/python-api.md) shows them at work; [the contract](contract.md#python) says what stays
as it is.
"""


def page() -> str:
    """The page."""
    public = [getattr(api, name) for name in api.__all__]
    errors = [one for one in public if issubclass(one, EyamlgpgError)]
    words = [one for one in public if issubclass(one, Enum)]
    values = [one for one in public if one not in (*errors, *words, api.Repository, api.Notices, api.Opener)]
    sections = [
        HEAD,
        *_with_methods(api.Repository),
        *(line for one in sorted(values, key=_place) for line in _values(one)),
        *(line for one in sorted(words, key=_place) for line in _members(one)),
        *_with_methods(api.Notices),
        *_with_methods(api.Opener),
        *_with_methods(PrivateKey),
        *_errors(sorted(errors, key=_place)),
    ]
    return "\n".join(sections)


def _place(one: type) -> tuple[str, int]:
    """Modules by name, and inside of one the order of the source."""
    return one.__module__, inspect.getsourcelines(one)[1]


def _tree(one: type) -> ast.ClassDef:
    body = ast.parse(textwrap.dedent(inspect.getsource(one))).body
    return next(node for node in body if isinstance(node, ast.ClassDef))


def _with_methods(one: type) -> Iterator[str]:
    """A class with the signature and docstring of each public method."""
    yield from (f"## {one.__name__}", "", inspect.getdoc(one) or "", "")
    lines = textwrap.dedent(inspect.getsource(one)).splitlines()
    for node in _tree(one).body:
        if not isinstance(node, ast.FunctionDef) or (node.name.startswith("_") and node.name != "__init__"):
            continue
        name = one.__name__ if node.name == "__init__" else node.name
        signature = textwrap.dedent("\n".join(lines[node.lineno - 1 : node.body[0].lineno - 1]))
        decorators = [f"@{ast.unparse(decorator)}" for decorator in node.decorator_list]
        docstring = inspect.cleandoc(ast.get_docstring(node) or "")
        yield from (f"### {name}()" if not decorators else f"### {name}", "")
        yield from ("```python", *decorators, f"{signature} ...", "```", "", docstring, "")


def _documented(one: type) -> Iterator[tuple[ast.stmt, str]]:
    """Each field or member with the string below it."""
    body = _tree(one).body
    for node, below in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            said = below.value if isinstance(below, ast.Expr) else None
            yield node, str(said.value) if isinstance(said, ast.Constant) else ""


def _values(one: type) -> Iterator[str]:
    yield from (f"## {one.__name__}", "", inspect.getdoc(one) or "", "", "| field | type | |", "| --- | --- | --- |")
    for node, said in _documented(one):
        if isinstance(node, ast.AnnAssign):
            kind = ast.unparse(node.annotation).replace("|", "\\|")
            yield f"| `{ast.unparse(node.target)}` | `{kind}` | {said} |"
    yield ""


def _members(one: type) -> Iterator[str]:
    yield from (f"## {one.__name__}", "", inspect.getdoc(one) or "", "", "| member | value | |", "| --- | --- | --- |")
    for node, said in _documented(one):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield f"| `{ast.unparse(node.targets[0])}` | `{node.value.value!r}` | {said} |"
    yield ""


def _errors(errors: list[type[EyamlgpgError]]) -> Iterator[str]:
    yield from (
        "## Errors",
        "",
        "Each has a `sentence`, `hints`, and the `status` that a command would end with.",
        "",
        "| class | is a | status | |",
        "| --- | --- | --- | --- |",
    )
    for one in errors:
        status = "of the worst" if one is api.Several else one.status
        said = (inspect.getdoc(one) or "").partition("\n")[0]
        yield f"| `{one.__name__}` | `{one.__bases__[0].__name__}` | {status} | {said} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
