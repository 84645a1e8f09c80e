"""The private key of PKCS7 for the Python API."""

from __future__ import annotations

from eyamlgpg.errors import ConfigError
from eyamlgpg.pkcs7.keys import Pem
from eyamlgpg.pkcs7.pair import KeyPair


class PrivateKey:
    """A private key of PKCS7, to be given to `Repository` as `pkcs7`; it needs the extra `pkcs7`.

    `from eyamlgpg.pkcs7.private_key import PrivateKey` is the one name outside of `eyamlgpg.api` that is public.
    """

    def __init__(self, pem: bytes, name: str = "the private key of PKCS7") -> None:
        """Read an RSA key without a passphrase from the bytes of a PEM file; `name` is what errors call it.

        Raises ConfigError for anything else, and where the extra is not installed.
        """
        self._pair = KeyPair(lambda: Pem(name, pem), _no_certificate, has_public=False, has_private=True)
        self._pair.require_private_key()

    def __repr__(self) -> str:
        return "PrivateKey(…)"

    def decrypt(self, message: bytes) -> bytes:
        """Open one message: its exact plaintext. Raises DecryptionError, NoSecretKey for a message to another key."""
        return self._pair.decrypt(message)


def _no_certificate() -> Pem:
    raise ConfigError("no certificate was given, and values are only opened here")
