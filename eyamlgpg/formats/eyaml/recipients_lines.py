"""The lines of a recipients file: what is a comment, a name, a list of names, and how each line ends.

hiera-eyaml-gpg looks for a `#` at the start of a line before it strips the line, and knows neither trailing comments
nor comma lists nor a byte order mark in a file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eyamlgpg.model.matching import Identifier, folded

BOM = "\ufeff"
_RUBY_SPACE = " \t\n\v\f\r\0"  # what Ruby's String#strip takes off
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # only LF ends a line, for Ruby as for git
_TRAILING_COMMENT = re.compile(r"(?<![ \t])[ \t]++#(.*)", re.DOTALL)
_NAMES_AN_ADDRESS = re.compile(r"[^<>]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+")
_OF_OTHER_FILES = frozenset(":/=$\"'{}[]")


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line; `body` and `end` together are the line, byte for byte."""

    number: int
    """From 1."""
    body: str
    end: str
    """LF, CR LF, or nothing at the end of a file."""
    comment: str | None = None
    """Of a comment line: its text without the `#`."""
    names: tuple[str, ...] = ()
    remark: str | None = None
    """The text of a trailing comment."""
    is_list: bool = False
    """Whether the names were written with commas."""
    whole: str | None = None
    """The line without white space around it, where a comment was cut off or it was split: it may be one user ID."""

    @property
    def is_indented(self) -> bool:
        """Whether white space stands before a comment's `#`."""
        return not self.body.startswith("#")


def read(text: str) -> tuple[ListLine, ...]:
    """The lines of a text that begins without a byte order mark."""
    return tuple(_line(number, raw) for number, raw in enumerate(_LINE.findall(text), 1))


def _line(number: int, raw: str) -> ListLine:
    body = raw.removesuffix("\n")
    body = body.removesuffix("\r") if raw.endswith("\n") else body
    end = raw[len(body) :]
    stripped = body.strip(_RUBY_SPACE)
    if not stripped:
        return ListLine(number, body, end)
    if stripped.startswith("#"):
        return ListLine(number, body, end, comment=stripped[1:].strip())
    trailing = _TRAILING_COMMENT.search(stripped)
    name = stripped[: trailing.start()] if trailing else stripped
    remark = trailing[1].strip() if trailing else None
    names = split(name)
    if "," in name and all(is_name_by_itself(part) for part in names if part):
        return ListLine(number, body, end, names=names or ("",), remark=remark, is_list=True, whole=stripped)
    if trailing and is_name_by_itself(name):
        return ListLine(number, body, end, names=(name,), remark=remark, whole=stripped)
    # What is cut off a name that says little may be what tells two people apart: `Puppet #2 <puppet2@example.com>`.
    return ListLine(number, body, end, names=(stripped,))


def line_end(lines: Sequence[ListLine]) -> str:
    """CR LF where the last whole line ends so, else LF."""
    return next((line.end for line in reversed(lines) if line.end), "\n")


def split(text: str) -> tuple[str, ...]:
    """A comma list as Ruby splits it: empty names at its end count for nothing, elsewhere they stay."""
    names = [name.strip() for name in text.split(",")]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def is_one_user_id(text: str) -> bool:
    """Whether a comma list may be one user ID with a comma in its name: `Doe, John <john@example.com>`."""
    names = split(text)
    is_named = _NAMES_AN_ADDRESS.fullmatch(text.strip()) is not None and text.strip().endswith(">")
    return is_named and not all(is_name_by_itself(name) for name in names if name)


def identity(name: str) -> str:
    """The same for two ways of writing the same name: `0x` and case, groups of digits, angle brackets."""
    identifier = Identifier.read(name)
    if identifier is not None:
        return identifier.digits + "!" * identifier.exact
    return folded(name.removeprefix("<").removesuffix(">"))


def is_like_a_recipient(name: str) -> bool:
    """Whether a name is a fingerprint, a key ID or an address, and no URL or password entry that holds an `@`."""
    return is_name_by_itself(name) and not _OF_OTHER_FILES.intersection(name)


def is_name_by_itself(part: str) -> bool:
    """An address, a user ID that ends with one, a fingerprint or a key ID; so `Doe, John <john@example.com>` is one."""
    return _NAMES_AN_ADDRESS.fullmatch(part) is not None or Identifier.read(part) is not None
