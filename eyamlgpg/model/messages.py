"""One message that is to be encrypted anew, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.keys import Subkey

Readers = tuple[Subkey, ...]
"""The subkeys of everybody who is to read a message."""


@dataclass(frozen=True, slots=True)
class Order:
    """A message, and for whom it is to be encrypted: one new message for each set of readers."""

    message: bytes
    audiences: tuple[Readers, ...]


@dataclass(frozen=True, slots=True)
class Recrypted:
    """The new messages, one for each set of readers of the order; none where there is an error."""

    messages: Sequence[bytes]
    error: EyamlgpgError | None = None
    verified: tuple[bool, ...] = ()
    """Of each new message, whether it was opened again and held the same; empty where nobody asked for that."""
