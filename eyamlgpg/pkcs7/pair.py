"""One key pair of PKCS7: opens messages with its private key, and makes them with its certificate."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from eyamlgpg.errors import DecryptionError, EyamlgpgError
from eyamlgpg.model.messages import Decrypted
from eyamlgpg.pkcs7.enveloped import opened
from eyamlgpg.pkcs7.keys import Pem, certificate, private_key, require_extra, require_pair

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers
    from cryptography.x509 import Certificate


class KeyPair:
    """Each key is read when it is first needed, and both are held against each other where that can be."""

    def __init__(
        self, private: Callable[[], Pem], public: Callable[[], Pem], *, has_public: bool, has_private: bool
    ) -> None:
        """`private` and `public` read the keys, or raise.

        Messages are opened without the certificate and made without the private key. `has_public` and `has_private`
        say whether each is there, and meant to be of one pair with the other.
        """
        require_extra()
        self._private = private
        self._public = public
        self._has_public = has_public
        self._has_private = has_private

    def decrypt(self, message: bytes) -> bytes:
        """The exact plaintext of one message; raises DecryptionError, ConfigError."""
        return opened(message, self._numbers)

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """One result a message, in order; raises ConfigError."""
        for message in messages:
            try:
                yield Decrypted(self.decrypt(message))
            except DecryptionError as error:
                yield Decrypted(None, error)

    def encrypt(self, plaintext: bytes) -> bytes:
        """A message as hiera-eyaml makes it, by AES-256-CBC; raises ConfigError."""
        from cryptography.hazmat.primitives.ciphers.algorithms import AES256
        from cryptography.hazmat.primitives.serialization import Encoding
        from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

        builder = PKCS7EnvelopeBuilder().set_data(plaintext).set_content_encryption_algorithm(AES256)
        return builder.add_recipient(self._certificate).encrypt(Encoding.DER, [PKCS7Options.Binary])

    def require_private_key(self) -> None:
        """Read the private key now, and hold it against the certificate; raises ConfigError."""
        _ = self._numbers

    def require_public_key(self) -> None:
        """Read the certificate now; raises ConfigError."""
        _ = self._certificate

    @cached_property
    def _numbers(self) -> "RSAPrivateNumbers":
        pem = self._private()
        key = private_key(pem)
        if self._has_public:
            public = self._public()
            require_pair(key, pem, certificate(public), public)
        return key.private_numbers()

    @cached_property
    def _certificate(self) -> "Certificate":
        pem = self._public()
        public = certificate(pem)
        if self._has_private:
            try:
                private_pem = self._private()
                private = private_key(private_pem)
            except EyamlgpgError:
                # Nobody needs it to encrypt, so it may be for others to read.
                return public
            require_pair(private, private_pem, public, pem)
        return public
