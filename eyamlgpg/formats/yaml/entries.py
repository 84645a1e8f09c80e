"""The text of new keys and their value: on lines of their own, or between braces.

The value is one token. It becomes one line, or a `>` block where the line would be longer than 4 kB and a block can
stand: not between braces, not before a comment (`> # …`) and not with CRLF, since the gems' command line takes neither
for a block.
"""

import re
from dataclasses import dataclass, field

from eyamlgpg.formats.eyaml.tokens import Layout, render, render_block
from eyamlgpg.formats.splice import Edit
from eyamlgpg.formats.yaml.indentation import Indentation
from eyamlgpg.formats.yaml.structure import BYTE_ORDER_MARK

LONGEST_LINE = 4096
"""Characters of a token that still go on one line."""

_NEXT_INDENT = re.compile(r"(?:[ \t\r]*+\n)+( *+)\S")
_PLAIN_KEY = re.compile(r"[^\W\d](?:[\w./-]|:(?!\Z))*")
_PLAIN_FLOW_KEY = re.compile(r"[^\W\d][\w./-]*+")
_NOT_A_STRING = frozenset({"y", "yes", "n", "no", "true", "false", "on", "off", "null"})


@dataclass(frozen=True, slots=True)
class Entries:
    """New entries for one text that end with one message."""

    indentation: Indentation
    message: bytes = field(repr=False)
    scheme: str = "GPG"
    prefers_block: bool = False
    """Whether the value is to be a block wherever one can stand, however short it is."""

    def lines_at(self, place: int, names: list[str], column: int, step: int) -> Edit:
        """The lines below the line of a place or, where that is the start of a line, above it."""
        head = self.indentation.text[:place].removeprefix(BYTE_ORDER_MARK)
        if not head or head.endswith("\n"):
            return Edit(place, place, self.lines(names, column, step, max(place - 1, 0)) + self.indentation.newline)
        end = self.indentation.line_end(place)
        return Edit(end, end, self.indentation.newline + self.lines(names, column, step, end))

    def lines(self, names: list[str], column: int, step: int, line_end: int) -> str:
        """The keys one below the other from a column on, the last one with the value; they follow a line's end."""
        lines = []
        for name in names[:-1]:
            lines.append(f"{' ' * column}{_key(name, _PLAIN_KEY)}:")
            column += step
        last = f"{' ' * column}{_key(names[-1], _PLAIN_KEY)}: {self.value(column + step, line_end)}"
        return self.indentation.newline.join([*lines, last])

    def in_braces(self, names: list[str]) -> str:
        """The entry as it stands inside a mapping with braces: the keys one inside the other, on one line."""
        *parents, last = (_key(name, _PLAIN_FLOW_KEY) for name in names)
        return "".join(f"{name}: {{" for name in parents) + f'{last}: "{self.value(None, 0)}"' + "}" * len(parents)

    def value(self, column: int | None, line_end: int) -> str:
        """The token on one line; a block, indented to the column, where it is too long or preferred, and may stand.

        A comment below that is indented as far as the block would become part of it.
        """
        line = self.token(None)
        is_line = len(line) <= LONGEST_LINE and not self.prefers_block
        if is_line or column is None or self.indentation.newline != "\n":
            return line
        below = _NEXT_INDENT.match(self.indentation.text, line_end)
        if below and len(below.group(1)) >= column:
            return line
        return render_block(self.message, indent=" " * column, scheme=self.scheme)

    def token(self, layout: Layout | None) -> str:
        """The token alone."""
        return render(self.message, layout=layout, scheme=self.scheme)


def _key(name: str, plain: re.Pattern[str]) -> str:
    """A key as YAML text; in quotes where a plain one could be read as anything but this string."""
    if plain.fullmatch(name) and name.casefold() not in _NOT_A_STRING:
        return name
    if name.isprintable():
        return "'" + name.replace("'", "''") + "'"
    escaped = (
        character if character.isprintable() and character not in '"\\' else f"\\U{ord(character):08x}"
        for character in name
    )
    return '"' + "".join(escaped) + '"'
