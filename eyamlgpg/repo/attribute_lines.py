"""Which line of which .gitattributes decides an attribute of a path: git tells the value alone.

Every line that sets the attribute is copied to a repository of its own, with its number in the place of what it sets.
So git itself says which one counts, by its own rules of patterns and order (gitattributes(5)).
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo import surroundings
from eyamlgpg.repo.check_attr import check_attr
from eyamlgpg.repo.git import Git

_NAME = ".gitattributes"
_LARGEST = 1 << 20
_MARK = "eyamlgpg-line"
_BUILT_IN = {"binary": frozenset({"diff", "merge", "text"})}
"""Macros that stand in no file."""


def deciding_lines(git: Git, folder: Path, attribute: str, paths: Iterable[str]) -> Mapping[str, str]:
    """Of each path the place of the line, as `data/.gitattributes:2`; no entry where no line of a file was found.

    `folder`: an empty one, for the copies. A file of attributes outside of the repository is not looked into: it has
    the last word nowhere.
    """
    asked = tuple(paths)
    if not asked:
        return {}
    info = Path(git.root, git.asked("rev-parse", "--git-path", "info/attributes") or "")
    above = sorted({parent for path in asked for parent in PurePosixPath(path).parents})
    files = {(parent / _NAME).as_posix(): git.root / parent / _NAME for parent in above}
    texts = {name: text for name, path in files.items() if (text := _text(path))}
    own = _text(info)
    setting = _setting(attribute, (texts.get(_NAME, ""), own))
    environ = {name: value for name, value in git.environ.items() if name not in surroundings.LOCATION}
    if surroundings.run(folder, environ, "init", "-q", "--template=").returncode:
        return {}
    try:
        for place, text in texts.items():
            _write(folder / place, _marked(place, text, setting))
        _write(folder / ".git/info/attributes", _marked(os.path.relpath(info, git.root), own, setting))
    except OSError as error:
        raise FileProblem(f"{folder}: {error.strerror}") from None
    told = check_attr(folder, environ, asked, _MARK)
    return {path: _place(given[_MARK]) for path, given in told.items()}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(errors="surrogateescape"))


def _text(path: Path) -> str:
    """Empty for what git does not read: a link, a file that is not there or is huge."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError:
        return ""


def _lines(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Each line that may count, with its number, its pattern as it is written, and its attributes."""
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip(" \t\r")
        if not bare or bare.startswith("#"):
            continue
        if bare.startswith('"'):
            end = next((at for at in range(1, len(bare)) if bare[at] == '"' and not _is_escaped(bare, at)), len(bare))
            pattern, rest = bare[: end + 1], bare[end + 1 :]
        else:
            pattern, _, rest = bare.replace("\t", " ").partition(" ")
        yield number, pattern, rest.split()


def _is_escaped(text: str, at: int) -> bool:
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _setting(attribute: str, texts: Iterable[str]) -> frozenset[str]:
    """The names that set the attribute: its own, and every macro that leads to it."""
    macros = dict(_BUILT_IN)
    for text in texts:
        for _, pattern, words in _lines(text):
            if pattern.startswith("[attr]"):
                macros[pattern.removeprefix("[attr]")] = frozenset(map(_named, words))
    found = {attribute}
    while more := {name for name, leads in macros.items() if name not in found and leads & found}:
        found |= more
    return frozenset(found)


def _named(word: str) -> str:
    return word.lstrip("-!").partition("=")[0]


def _marked(place: str, text: str, setting: frozenset[str]) -> str:
    """The lines that set it, each with its own place as the value of our mark: no space may stand there."""
    marks = (
        f"{pattern} {_MARK}={number}:{_hex(place)}\n"
        for number, pattern, words in _lines(text)
        if not pattern.startswith("[attr]") and not setting.isdisjoint(map(_named, words))
    )
    return "".join(marks)


def _hex(place: str) -> str:
    return os.fsencode(place).hex()


def _place(mark: str) -> str:
    number, _, place = mark.partition(":")
    return f"{os.fsdecode(bytes.fromhex(place))}:{number}"
