"""`decrypt`: a text with its values as edit markers, or as the plain text that the gems print."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eyamlgpg.formats.eyaml import markers
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.text import encode
from eyamlgpg.operations.values.opened_text import OpenedText, open_text

if TYPE_CHECKING:
    from eyamlgpg.operations.ports import Decrypter, Pkcs7

LINE_ENDS = re.compile(rb"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Decryption:
    """The output and what of the input it could not show."""

    output: bytes = field(repr=False)
    left_alone: tuple[Token, ...]
    """Values of other methods, left as they are."""
    binary: int
    """Values whose plaintext no text can show, left encrypted."""
    spaced: int = 0
    """What a YAML file would hold as values with white space inside, in a text that is none: left as they are."""


def decrypt_to_markers(
    text: str, name: str, decrypter: "Decrypter", default: Method | None = None, pkcs7: "Pkcs7 | None" = None
) -> Decryption:
    """The text with each value as `DEC::GPG[plaintext]!`, or `DEC::PKCS7[…]!`; `encrypt -e` is the way back."""
    opened = open_text(text, name, decrypter, default, pkcs7=pkcs7)
    edits, binary = [], 0
    for one in opened.values:
        if one.plaintext is None:
            continue
        if not markers.is_showable(one.plaintext):
            binary += 1
            continue
        marker = markers.render(None, one.method, one.plaintext.decode())
        edits.append(Edit(one.value.token.start, one.value.token.end, marker))
    return Decryption(encode(splice(text, edits)), opened.left_alone, binary)


def decrypt_to_plain(
    text: str,
    name: str,
    decrypter: "Decrypter",
    default: Method | None = None,
    pkcs7: "Pkcs7 | None" = None,
    *,
    is_file: bool,
) -> Decryption:
    """The text with each value as its plaintext, as hiera-eyaml prints it.

    A value of several lines that follows other text becomes a literal block, indented by two; a value alone, or
    directly behind another, is given byte for byte. Only a file is read as YAML, in which white space may stand inside
    of values; a string is searched by the gems' command-line grammar.
    """
    opened = open_text(text, name, decrypter, default, pkcs7=pkcs7, as_yaml=is_file)
    return Decryption(_plain(opened), opened.left_alone, 0, opened.spaced)


def _plain(opened: OpenedText) -> bytes:
    pieces: list[bytes] = []
    position, after_text = 0, False
    for one in opened.values:
        if one.plaintext is None:
            continue
        token = one.value.token
        between = opened.text[position : _start_with_header(token)]
        if between:
            pieces.append(encode(between))
            after_text = True
        pieces.append(_layouted(one.plaintext, token) if after_text else one.plaintext)
        position, after_text = token.end, False
    pieces.append(encode(opened.text[position:]))
    return b"".join(pieces)


def _start_with_header(token: Token) -> int:
    """Where the token starts, the `>` line of the gems' block form included."""
    return token.start if token.folded is None else token.start - len(token.folded) - len(">\n")


def _layouted(plaintext: bytes, token: Token) -> bytes:
    if not LINE_ENDS.search(plaintext) or not markers.is_showable(plaintext):
        return plaintext
    indented = LINE_ENDS.sub(lambda ends: ends.group() + b"  ", plaintext)
    # A token that is already in a block scalar of its own (`|`, `>-`) needs no second header.
    in_own_block = token.folded is None and token.layout is not None
    return indented if in_own_block else b"|\n  " + indented
