"""What opens values of PKCS7 for a program that gave an opener for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eyamlgpg.errors import DecryptionError
from eyamlgpg.model.messages import Decrypted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eyamlgpg.api.ports import Opener


class GivenOpener:
    """`operations.ports.Pkcs7Opener` over the caller's `Opener`."""

    opens = True

    def __init__(self, opener: Opener) -> None:
        self._opener = opener

    def decrypt(self, message: bytes) -> bytes:
        """As the caller's opener does it."""
        return self._opener.decrypt(message)

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """One result a message, in order."""
        for message in messages:
            try:
                yield Decrypted(self.decrypt(message))
            except DecryptionError as error:
                yield Decrypted(None, error)
