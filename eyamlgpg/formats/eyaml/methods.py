"""Which encryption method a token is of, and what is done about those that are not ours."""

from enum import StrEnum

from eyamlgpg.errors import DecryptionError
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.openpgp.packets import looks_like_openpgp


class Method(StrEnum):
    """The encryption methods that a token can name."""

    GPG = "GPG"
    PKCS7 = "PKCS7"
    UNKNOWN = "unknown"


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
        return Method.UNKNOWN


def unknown_method(token: Token) -> DecryptionError:
    """The error for a token that names a method which neither we nor the gems know."""
    return DecryptionError(f"the encryption method {token.scheme} is not known", "known are GPG and PKCS7")
