"""The private key and the certificate of PKCS7, out of their PEM texts: RSA, and of one pair."""

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eyamlgpg.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from cryptography.x509 import Certificate

INSTALL = (
    "pip install 'eyamlgpg[pkcs7]'",
    "or: pipx install --force 'eyamlgpg[pkcs7]', uv tool install 'eyamlgpg[pkcs7]'",
)


@dataclass(frozen=True, slots=True)
class Pem:
    """A key as it was read."""

    source: str
    """The file, or the environment variable as `$NAME`."""
    content: bytes = field(repr=False)


def has_extra() -> bool:
    """Whether `cryptography` is there, and new enough to make the messages."""
    try:
        from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder
    except ImportError:
        return False
    return hasattr(PKCS7EnvelopeBuilder, "set_content_encryption_algorithm")


def require_extra() -> None:
    """Raise ConfigError where the extra is not installed."""
    if not has_extra():
        raise ConfigError("PKCS7 values need the extra pkcs7, which is not installed", *INSTALL)


def private_key(pem: Pem) -> "RSAPrivateKey":
    """The private key; ConfigError for one with a passphrase, of another kind than RSA, or none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.content, None)
    except TypeError:
        raise ConfigError(
            f"{pem.source}: the private key has a passphrase, which is not asked for here",
            'name a variable with the open key: KEY="$(openssl pkey -in FILE)" eyamlgpg … '
            "--pkcs7-private-key-env-var KEY",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        if b"PRIVATE KEY-----" in pem.content:
            raise ConfigError(f"{pem.source}: holds a private key that is damaged, or of an unknown kind") from None
        raise ConfigError(f"{pem.source}: {_other(pem, b'CERTIFICATE', b'PUBLIC KEY')}is not a private key") from None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(f"{pem.source}: the private key is not an RSA key, which PKCS7 values need")
    return key


def certificate(pem: Pem) -> "Certificate":
    """The certificate; one that is made for the purpose for a bare public key. ConfigError for anything else."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from cryptography.x509 import load_pem_x509_certificate

    try:
        with warnings.catch_warnings():
            # What is odd about an old certificate (its serial number, its names) does not matter to its key.
            warnings.simplefilter("ignore")
            if b"-----BEGIN PUBLIC KEY" in pem.content or b"-----BEGIN RSA PUBLIC KEY" in pem.content:
                bare = load_pem_public_key(pem.content)
                made = _made_for(bare) if isinstance(bare, RSAPublicKey) else None
            else:
                made = load_pem_x509_certificate(pem.content)
                made = made if isinstance(made.public_key(), RSAPublicKey) else None
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigError(
            f"{pem.source}: {_other(pem, b'PRIVATE KEY')}is not a certificate, nor a public key"
        ) from None
    if made is None:
        raise ConfigError(f"{pem.source}: the public key is not an RSA key, which PKCS7 values need")
    return made


def require_pair(private: "RSAPrivateKey", private_pem: Pem, public: "Certificate", public_pem: Pem) -> None:
    """Refuse a private key and a certificate that do not belong together; raises ConfigError."""
    if private.public_key() != public.public_key():
        raise ConfigError(
            f"{private_pem.source} and {public_pem.source} do not belong together: the certificate is of another key",
            "--pkcs7-private-key and --pkcs7-public-key name the two of one pair",
        )


def _other(pem: Pem, *words: bytes) -> str:
    """What the text holds instead, where it is one of these."""
    held = next((word for word in words if word + b"-----" in pem.content), None)
    return "" if held is None else f"holds a {held.decode().lower()}, and "


def _made_for(public_key: "RSAPublicKey") -> "Certificate":
    """A certificate with the name and number of those that eyaml makes; who signs it does not matter to anybody."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    nobody = x509.Name([])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(nobody).issuer_name(nobody).public_key(public_key)
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(Ed25519PrivateKey.generate(), None)
