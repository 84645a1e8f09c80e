"""Hooks that choose what to run by their own name, and so cannot be renamed: husky's, overcommit's, home-made ones."""

import os
import re
from pathlib import Path

from eyamlgpg.errors import FileProblem

_LINE = "eyamlgpg check --staged"
_BOUND = 65536
"""Bytes of a hook that are looked at; a program that was compiled says nothing that could be read here."""

_OWN_NAME = re.compile(
    rb"""
      basename[\ "'`(/$a-z-]{0,30} (?: \$\{?(?:0|BASH_SOURCE|PROGRAM_NAME)\b | __(?:file|FILE)__ )
    | basename\( \s? (?: __filename | sys\.argv | process\.argv )
    | Path\( \s? (?: __file__ | sys\.argv\[0\] ) \s? \)\.(?:name|stem)
    | \$\{(?:0|BASH_SOURCE(?:\[0\])?)\#\#
    | \$\{?0\}?["']?\.d\b
    | \b(?:case|run)\ ["']?\$\{?0\b
    """,
    re.VERBOSE,
)
"""How sh, Ruby, Python, Node and Perl ask for the name that they were called by."""

_HUSKY = re.compile(rb"/(h|(?:_/)?husky\.sh)(?=[\"'\s]|\Z)")
"""What husky's hooks read in (versions 4 to 9), from beside them or one folder up; it asks for the hook's name."""


def refuse_dispatcher(path: Path) -> None:
    """FileProblem, with what to write where, for a hook that would find nothing to run under another name."""
    text = _beginning(path)
    if _reads_husky(path.parent, text) or (b"husky" in text and _OWN_NAME.search(text)):
        raise FileProblem(f"{path}: is husky's, which goes by the names of its hooks", _to_husky(path.parent))
    if b"overcommit-hook" in text:
        raise FileProblem(
            f"{path}: is overcommit's, which goes by the names of its hooks",
            "put this line into .overcommit.yml, and run `overcommit --sign pre-commit`: "
            f"PreCommit: {{Eyamlgpg: {{enabled: true, command: [{_LINE.replace(' ', ', ')}]}}}}",
        )
    if _OWN_NAME.search(text):
        raise FileProblem(
            f"{path}: asks for its own name, so it would not do the same under another one",
            f"add this line to it yourself, or to what it runs before a commit: {_LINE} || exit $?",
        )


def _reads_husky(folder: Path, text: bytes) -> bool:
    named = {os.fsdecode(name) for name in _HUSKY.findall(text)}
    return any((place / name).is_file() for place in (folder, folder.parent) for name in named)


def _to_husky(folder: Path) -> str:
    if folder.name == "_" or (folder / "_").is_dir():
        scripts = folder.parent if folder.name == "_" else folder
        return f"put this line into {scripts}/pre-commit and {scripts}/pre-merge-commit: {_LINE}"
    hooks = f'{{"pre-commit": "{_LINE}", "pre-merge-commit": "{_LINE}"}}'
    return f'put this line into the "husky" of package.json: "hooks": {hooks}'


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(_BOUND)
    except OSError:
        return b""
