"""`encrypt`: one plaintext, or every edit marker of a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eyamlgpg.errors import EyamlgpgError, FormatError, raise_all
from eyamlgpg.formats.eyaml import markers, tokens
from eyamlgpg.formats.eyaml.markers import Marker
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.tokens import Layout
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.text import encode
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.operations.ports import Encrypter, Pkcs7
from eyamlgpg.operations.values.proof import Rewritten, prove

BLOCK_WIDTH = 60
"""The width at which the gems cut a block's lines."""


class Output(StrEnum):
    """The gems' `-o`."""

    EXAMPLES = "examples"
    BLOCK = "block"
    STRING = "string"


def seal(plaintext: bytes, readers: Sequence[Resolved], encrypter: Encrypter) -> bytes:
    """The OpenPGP message of a plaintext to its readers."""
    return encrypter.encrypt(plaintext, [reader.subkey for reader in readers])


@dataclass(frozen=True, slots=True)
class Sealing:
    """Makes messages of either method."""

    readers: Sequence[Resolved]
    """Of values of GPG; may be empty where there are none."""
    encrypter: Encrypter
    pkcs7: Pkcs7

    def seal(self, plaintext: bytes, method: Method) -> bytes:
        """The message of a plaintext."""
        return (
            self.pkcs7.encrypt(plaintext) if method is Method.PKCS7 else seal(plaintext, self.readers, self.encrypter)
        )


def present(message: bytes, output: Output, label: str | None, method: Method = Method.GPG) -> str:
    """The token as the gems print it; `string` ends without a newline."""
    string = tokens.render(message, layout=None, scheme=method)
    block = tokens.render_block(message, indent="  ", width=BLOCK_WIDTH, scheme=method)
    match output:
        case Output.STRING:
            return string if label is None else f"{label}: {string}"
        case Output.BLOCK:
            return f"{_without_header(block)}\n" if label is None else f"{label}: {block}\n"
        case Output.EXAMPLES:
            return f"{label or 'string'}: {string}\n\nOR\n\n{label or 'block'}: {block}\n"


def _without_header(block: str) -> str:
    return block.partition("\n")[2]


def encrypt_markers(text: str, name: str, sealing: Sealing) -> str:
    """The text with each of its markers encrypted, and proved; a marker in a `>` block becomes a block.

    Raises what `find_markers` and `proof.prove` do.
    """
    found = find_markers(text, name)
    messages = [sealing.seal(encode(marker.content), method_of_marker(marker)) for marker in found]
    edits = [
        Edit(marker.start, marker.end, tokens.render(message, layout=new_layout(marker), scheme=marker.scheme))
        for marker, message in zip(found, messages, strict=True)
    ]
    after = splice(text, edits)
    prove(Rewritten(name, text, after, edits), messages)
    return after


def find_markers(text: str, name: str) -> tuple[Marker, ...]:
    """The markers of a text, all of a method that we can encrypt; raises all that are not."""
    try:
        found = markers.parse(text)
    except EyamlgpgError as error:
        raise error.located(name) from None
    refusals = [refused_method(marker, name) for marker in found]
    raise_all([refusal for refusal in refusals if refusal is not None])
    return found


def refused_method(marker: Marker, name: str) -> FormatError | None:
    """Why this marker's method cannot be encrypted with; None for GPG and PKCS7."""
    if marker.scheme.upper() in (Method.GPG, Method.PKCS7):
        return None
    return FormatError(
        f"{name}:{marker.line}: the encryption method {marker.scheme} is not known", "write DEC::GPG[…]!"
    )


def method_of_marker(marker: Marker) -> Method:
    """The method of a marker that `find_markers` gave."""
    return Method(marker.scheme.upper())


def new_layout(marker: Marker) -> Layout | None:
    """How a new value is laid out: as a block where its marker stands in one, else on one line."""
    if marker.folded is None:
        return None
    return Layout(BLOCK_WIDTH, marker.folded.rpartition("\n")[2], "\n")
