"""What opens the values that `recrypt --from pkcs7` moves, and then the new ones: two methods behind one port."""

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eyamlgpg.cli.pkcs7_keys import Pkcs7Keys
    from eyamlgpg.errors import NoSecretKey
    from eyamlgpg.formats.openpgp.session_key import SessionKey
    from eyamlgpg.gpg.opening.direct import DirectDecrypter
    from eyamlgpg.model.messages import Decrypted


class Pkcs7Opener:
    """`gpg.recrypting.recrypter.Opener`: what is to be moved is of PKCS7, what is compared with it of GPG."""

    def __init__(self, pkcs7: "Pkcs7Keys", decrypter: "DirectDecrypter") -> None:
        self._pkcs7 = pkcs7
        self._decrypter = decrypter

    def decrypt(self, message: bytes) -> bytes:
        """A new message, of GPG."""
        return self._decrypter.decrypt(message)

    def open_each(self, messages: Iterable[bytes]) -> "Generator[Decrypted, None, None]":
        """The old messages, of PKCS7."""
        yield from self._pkcs7.decrypt_many(messages)

    def session_key(self, message: bytes) -> "SessionKey | None":  # noqa: ARG002 - the port's parameter
        """None: no reader can be added to what is not OpenPGP."""
        return None

    def foreign(self, message: bytes) -> "NoSecretKey | None":  # noqa: ARG002 - the port's parameter
        """None: that a message is for another key pair shows only when it is opened."""
        return None
