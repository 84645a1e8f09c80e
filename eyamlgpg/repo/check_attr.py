"""The attributes that git gives to paths."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import surroundings

_UNSPECIFIED = "unspecified"


def check_attr(
    root: Path, environ: Mapping[str, str], paths: Iterable[str], *names: str
) -> Mapping[str, Mapping[str, str]]:
    """The attributes of paths from the root of a tree, where they are specified."""
    asked = "".join(f"{path}\0" for path in paths).encode(errors="surrogateescape")
    if not asked:
        return {}
    process = surroundings.start(root, environ, "check-attr", "-z", "--stdin", *names)
    told, _ = process.communicate(asked)
    if process.returncode:
        raise FileProblem(f"{root}: git does not tell the attributes of its files", "see why: git check-attr -a .")
    found: dict[str, dict[str, str]] = {}
    for path, name, value in _triples(told):
        if value != _UNSPECIFIED:
            found.setdefault(path, {})[name] = value
    return found


def _triples(told: bytes) -> Iterator[tuple[str, str, str]]:
    fields = [os.fsdecode(field) for field in told.split(b"\0")[:-1]]
    yield from zip(fields[::3], fields[1::3], fields[2::3], strict=True)
