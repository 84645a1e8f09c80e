r"""The grammar of `ENC[GPG,…]`: where tokens stand in a text, what message they hold, and how they are written.

Two readers disagree about white space inside. The gems' command line takes none in the string form
(`ENC\[(\w+,)?([a-zA-Z0-9+/=]+?)\]`) and any in the block form (`>\n(\s*)ENC\[(\w+,)?([a-zA-Z0-9+/=\s]+?)\]`); Puppet
reads a YAML scalar, in which spaces and line ends fold away. `find` gives what the first reads, `find_wider` what only
the second does. Both are textual: comments, keys and broken YAML are searched like anything else.

The base64 class holds no `[`, so one expression for both finds each token in one pass, and nothing is read twice.
"""

import re
from base64 import b64encode
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from eyamlgpg.formats.text import WHITE, folded_indent

WIDTH = 60
"""The width at which the gems cut a block, and ours where none is known."""

TOKEN = re.compile(r"ENC\[(?:([A-Za-z0-9_]++),)?([A-Za-z0-9+/= \t\n\v\f\r]++)\]")
LINE_END = re.compile(r"\r\n|\n|\r")
INDENT = re.compile(r"[ \t\v\f]*+")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a token lies over several lines: its lines' width without indentation, the indentation, and the line end."""

    width: int | None
    indent: str
    newline: str


@dataclass(frozen=True, slots=True)
class Token:
    """One `ENC[…]` of a text: a span from `ENC[` to `]`, in code points, and what stands in it as written."""

    start: int
    end: int
    scheme: str | None
    """As written: `GPG`, `gpg`, `PKCS7`; None for `ENC[base64]`."""
    base64: str = field(repr=False)
    """As written, white space included."""
    folded: str | None = None
    r"""The white space between `>` LF and the token, where it stands in the gems' block form; else None."""

    @property
    def is_gpg(self) -> bool:
        """Whether the scheme is GPG, in upper or lower case."""
        return self.scheme is not None and self.scheme.upper() == "GPG"

    @property
    def payload(self) -> str:
        """The base64 without white space."""
        return "".join(self.base64.split())

    @property
    def layout(self) -> Layout | None:
        """How the token lies over several lines; None where it stands on one.

        Width: its longest line, white space not counted. Indentation: that of its second line (of the next one that
        is not blank). Line end: the one after its first line.
        """
        line_end = LINE_END.search(self.base64)
        if line_end is None:
            return None
        before, *after = LINE_END.split(self.base64) if "\r" in self.base64 else self.base64.split("\n")
        lines = [f"{self._opening}{before}", *after[:-1], f"{after[-1]}]"]
        second = next(line for line in lines[1:] if line.strip())
        width = max(len("".join(line.split())) for line in lines)
        return Layout(width, _indent(second), line_end.group())

    def message(self) -> bytes:
        """The bytes that the base64 stands for, read as leniently as Ruby's `unpack("m")`.

        Missing padding is fine, a dangling last character is dropped, and reading stops at the first `=` that stands
        where padding may, third or fourth of its group; an earlier one is passed over.
        """
        padding = self.base64.find("=")
        # A lone `=` before the end is passed over by Python 3.13, and by those before it is not.
        if padding < 0 or not self.base64[padding:].strip("="):
            # As good as every token: there is nothing to be lenient about.
            with suppress(Base64Error):
                return a2b_base64(self.base64)
        characters, length = [], 0
        for piece in self.payload.split("="):
            characters.append(piece)
            length += len(piece)
            if length % 4 > 1:
                break
        dangling = length % 4 == 1
        groups = "".join(characters)[: length - dangling]
        return a2b_base64(groups + "=" * (-len(groups) % 4))

    @property
    def _opening(self) -> str:
        return "ENC[" if self.scheme is None else f"ENC[{self.scheme},"


def _indent(line: str) -> str:
    found = INDENT.match(line)
    return found.group() if found else ""


def find(text: str) -> tuple[Token, ...]:
    """The tokens that the gems' command line reads, in order: the string form, and the block form with white space."""
    return tuple(token for token in _all(text) if token.folded is not None or not _holds(token, WHITE))


def find_wider(text: str) -> tuple[Token, ...]:
    """The tokens that only the wider grammar reads: white space inside (space, tab, CR, LF), but no block form.

    Whether one counts is for the caller to say: it does inside a YAML scalar, if its message starts like OpenPGP.
    """
    return tuple(
        token for token in _all(text) if token.folded is None and _holds(token, WHITE) and not _holds(token, "\v\f")
    )


def _holds(token: Token, characters: str) -> bool:
    """Whether any of these stands inside; twenty times as fast as an expression, and tokens are long."""
    return any(character in token.base64 for character in characters)


def _all(text: str) -> Iterator[Token]:
    for match in TOKEN.finditer(text):
        scheme, base64 = match.groups()
        yield Token(match.start(), match.end(), scheme, base64, folded_indent(text, match.start()))


def render(message: bytes, *, layout: Layout | None, scheme: str = "GPG") -> str:
    """A token, its base64 strict and its scheme in upper case: on one line, or laid out over several.

    The first line stands where the token's span starts, so it gets no indentation.
    """
    token = f"ENC[{scheme.upper()},{b64encode(message).decode('ascii')}]"
    if layout is None:
        return token
    width = layout.width or WIDTH
    lines = (token[place : place + width] for place in range(0, len(token), width))
    return f"{layout.newline}{layout.indent}".join(lines)


def render_block(message: bytes, *, indent: str, width: int = WIDTH, scheme: str = "GPG") -> str:
    """The block form with its `>` line, every line indented, as `encrypt -o block` prints it; no newline at the end."""
    return f">\n{indent}{render(message, layout=Layout(width, indent, chr(10)), scheme=scheme)}"
