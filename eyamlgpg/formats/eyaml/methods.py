"""Which encryption method a token is of, and what is done about those that are not ours."""

from collections.abc import Iterable
from enum import StrEnum

from eyamlgpg.errors import DecryptionError
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.openpgp.packets import looks_like_openpgp

PLUGINS = frozenset(
    {
        *(
            "AES",
            "AGE",
            "AZURE",
            "CLI",
            "GCPKMS",
            "GKMS",
            "KMS",
            "PLAINTEXT",
            "RSA",
            "SECRETBOX",
            "SOPS",
            "SSHAGENT",
            "SSM",
        ),
        *("TWOFAC", "VAULT", "VAULT_RS"),
    }
)
"""The methods of hiera-eyaml's other plugins, in upper case."""

_SEQUENCE = 0x30
"""The first octet of a PKCS7 message (X.690, 8.9: a sequence)."""
_LONG = 0x80
"""From here on the second octet of a sequence says how the length is written, rather than the length itself."""


class Method(StrEnum):
    """The encryption methods that a token can name."""

    GPG = "GPG"
    PKCS7 = "PKCS7"
    OTHER = "other"
    """That of another plugin."""
    UNKNOWN = "unknown"
    """A name that nobody knows, or an OpenPGP message under the name of another plugin: a slip, most likely."""


def method_of(token: Token, default: Method | None = None) -> Method:
    """The token's method; where it names none, the default, or what its message looks like.

    Puppet takes a token without a method for PKCS7, the gems' command line for its default method; an OpenPGP message
    is told by its first packet.
    """
    if token.scheme is None:
        if default is not None:
            return default
        return Method.GPG if looks_like_openpgp(token.message()) else Method.PKCS7
    try:
        return Method(token.scheme.upper())
    except ValueError:
        is_other = token.scheme.upper() in PLUGINS and not looks_like_openpgp(token.message())
        return Method.OTHER if is_other else Method.UNKNOWN


def named(tokens: Iterable[Token]) -> str:
    """The methods of tokens for people: `the methods GKMS, KMS and PKCS7`."""
    *others, last = sorted({(token.scheme or Method.PKCS7).upper() for token in tokens})
    return f"the methods {', '.join(others)} and {last}" if others else f"the method {last}"


def unknown_method(token: Token) -> DecryptionError:
    """The error for a token that names a method which nobody knows, or which makes no OpenPGP messages."""
    hint = "known are GPG, PKCS7 and the other plugins of hiera-eyaml"
    if looks_like_openpgp(token.message()):
        hint = f"it is an OpenPGP message: write GPG in place of {token.scheme}"
    return DecryptionError(f"the encryption method {token.scheme} is not known", hint)


def looks_like_pkcs7(message: bytes) -> bool:
    """Whether the bytes start like a PKCS7 message: a sequence and a length, which no text has behind its `0`."""
    if len(message) < 2 or message[0] != _SEQUENCE:
        return False
    return message[1] >= _LONG or message[1] == len(message) - 2
