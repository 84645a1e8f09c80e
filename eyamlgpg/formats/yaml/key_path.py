"""The path of a Hiera key, as users write it (`get`, `set`, `--key`) and as reports show it.

`profile::db.users.0.password` is four segments: the dots separate, `::` is part of Puppet's key names, and a segment
of digits is an index in a sequence and a key in a mapping. A segment in single or double quotes may hold anything and
is always a key: `'a.b'.c` is two segments. Inside quotes, a doubled quote stands for one, as in YAML; Puppet's own
lookup keys know no such escape, nor a need for it.
"""

import re
from dataclasses import dataclass

from eyamlgpg.errors import KeyPathError

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_SEGMENT = re.compile(r"""\s*+(?:'([^']*+(?:''[^']*+)*)'|"([^"]*+(?:""[^"]*+)*)"|([^.'"]*+))\s*+(?=\.|\Z)""")


@dataclass(frozen=True, slots=True)
class KeyPath:
    """Where a value stands in a document: one segment a level, none for the document itself.

    An `int` is an index from 0, or a key of those digits where the path leads into a mapping; a `str` is always a key.
    """

    segments: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        """The form that `parse` reads as the same path, quoted only where it must be."""
        return ".".join(_written(segment) for segment in self.segments)

    @classmethod
    def parse(cls, text: str) -> "KeyPath":
        """Read a key path as a user wrote it; KeyPathError for an empty segment, a stray quote or bytes not in UTF-8.

        White space around a segment or its quotes is dropped, as Puppet does.
        """
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise KeyPathError("the key path is not valid UTF-8")
        segments: list[str | int] = []
        start = 0
        while start <= len(text):
            match = _SEGMENT.match(text, start)
            if match is None:
                raise KeyPathError(
                    f"{text!r}: a quote in the key path has no partner, or stands inside a segment",
                    "put the whole segment in quotes, and double a quote inside it: 'it''s'.password",
                )
            segments.append(_segment(match, text))
            start = match.end() + 1
        return cls(tuple(segments))

    def child(self, segment: str | int) -> "KeyPath":
        """The path one level further in."""
        return KeyPath((*self.segments, segment))

    def is_within(self, other: "KeyPath") -> bool:
        """Whether this is the other path, or leads further in from it."""
        return self.segments[: len(other.segments)] == other.segments


def _segment(match: re.Match[str], text: str) -> str | int:
    single, double, bare = match.groups()
    if single is not None:
        return str(single).replace("''", "'")
    if double is not None:
        return str(double).replace('""', '"')
    name = str(bare).strip()
    if not name:
        raise KeyPathError(
            f"{text!r}: the key path has an empty segment",
            "a segment that holds a dot stands in quotes: 'a.b'.c",
        )
    return int(name) if _INDEX.fullmatch(name) else name


def _written(segment: str | int) -> str:
    if isinstance(segment, int):
        return str(segment)
    if segment and segment == segment.strip() and not set(segment) & set(".'\"") and not _INDEX.fullmatch(segment):
        return segment
    if "'" in segment and '"' not in segment:
        return f'"{segment}"'
    return "'" + segment.replace("'", "''") + "'"
