"""Messages that are opened, or encrypted anew: what is ordered and what came of it."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.errors import DecryptionError, EyamlgpgError, OversizedPlaintext
from eyamlgpg.model import limits

if TYPE_CHECKING:
    from eyamlgpg.model.keys import Subkey

RecipientSubkeys = tuple["Subkey", ...]
"""The subkeys of everybody who is to read a message."""


@dataclass(frozen=True, slots=True)
class Order:
    """A message, and for whom it is to be encrypted: one new message for each set of readers."""

    message: bytes
    recipient_sets: tuple[RecipientSubkeys, ...]
    newcomers: tuple[RecipientSubkeys, ...] = ()
    """Of each set those who are to be added in front of the encrypted data, which stays as it is.

    Empty, or empty for a set, where the message is to be made anew.
    """

    file: Path | None = None
    """Where the new messages are to stand; those of one file may share a session key."""

    @property
    def wanted(self) -> Iterator[tuple[RecipientSubkeys, RecipientSubkeys]]:
        """Each set of readers with its newcomers."""
        return zip_longest(self.recipient_sets, self.newcomers, fillvalue=())


@dataclass(frozen=True, slots=True)
class Recrypted:
    """The new messages, one for each set of readers of the order; none where there is an error."""

    messages: Sequence[bytes]
    error: EyamlgpgError | None = None
    verified: tuple[bool, ...] = ()
    """Of each new message, whether it was opened again and held the same; empty where nobody asked for that."""
    extended: tuple[bool, ...] = ()
    """Of each new message, whether it is the old one with readers added; empty where none is."""


@dataclass(frozen=True, slots=True)
class Decrypted:
    """The plaintext of one message, or why there is none; the plaintext never shows in a `repr`."""

    plaintext: bytes | None = field(repr=False)
    error: DecryptionError | None = None

    def value(self) -> bytes:
        """The plaintext; raises the error where there is none."""
        if self.error is not None or self.plaintext is None:
            raise self.error or DecryptionError("the message could not be decrypted")
        return self.plaintext


def oversized(what: str, limit: int) -> Decrypted:
    """The result for a message that unfolds beyond a limit; `what` is the sentence's beginning: `it unfolds`."""
    return Decrypted(None, OversizedPlaintext(f"{what} to more than {limits.in_words(limit)}, which is refused"))


def bounded(results: Generator[Decrypted, None, None]) -> Generator[Decrypted, None, None]:
    """The results, until their plaintexts are more than `limits.TOGETHER`; each one after is an OversizedPlaintext."""
    together = 0
    with closing(results):
        for result in results:
            together += len(result.plaintext or b"")
            yield result if together <= limits.TOGETHER else oversized("together they unfold", limits.TOGETHER)
