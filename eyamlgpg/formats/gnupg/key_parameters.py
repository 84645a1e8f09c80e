"""The parameter file from which gpg's batch mode makes a key (gpg's doc/DETAILS, "Unattended key generation")."""

from dataclasses import dataclass
from enum import StrEnum

from eyamlgpg.errors import FormatError


class Algorithm(StrEnum):
    """The algorithms that `keys generate --algo` offers."""

    RSA4096 = "rsa4096"
    RSA3072 = "rsa3072"
    RSA2048 = "rsa2048"
    CV25519 = "cv25519"


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """A key to be made."""

    name: str
    email: str | None
    algorithm: Algorithm = Algorithm.RSA4096
    expires: str = "2y"
    """As gpg takes it: `2y`, `18m`, `90d`, an ISO date, or `0` for never."""
    protected: bool = False
    """Whether gpg asks for a passphrase (by pinentry); a puppetmaster's key has none."""


EXPIRIES = "2y, 18m, 90d, 2028-12-31, or 0 for never"
"""How an expiry is written."""


def parameter_file(request: KeyRequest) -> str:
    """The text for `gpg --batch --generate-key`.

    The primary key certifies and signs only; a subkey encrypts, so that it can be replaced without a new identity.
    Raises FormatError for a name that the parameter file or gpg would take for something else.
    """
    _check_name(request.name)
    if request.email is not None:
        _check_email(request.email)
    if not is_expiry(request.expires):
        raise FormatError(f"{request.expires!a} is no expiry", f"write {EXPIRIES}")
    lines = [
        *_algorithm_lines(request.algorithm),
        f"Name-Real: {request.name}",
        *([] if request.email is None else [f"Name-Email: {request.email}"]),
        f"Expire-Date: {request.expires}",
        *([] if request.protected else ["%no-protection"]),
        "%commit",
    ]
    return "".join(f"{line}\n" for line in lines)


def _algorithm_lines(algorithm: Algorithm) -> list[str]:
    if algorithm is Algorithm.CV25519:
        return [
            "Key-Type: EDDSA",
            "Key-Curve: ed25519",
            "Key-Usage: cert,sign",
            "Subkey-Type: ECDH",
            "Subkey-Curve: cv25519",
            "Subkey-Usage: encrypt",
        ]
    bits = algorithm.removeprefix("rsa")
    return [
        "Key-Type: RSA",
        f"Key-Length: {bits}",
        "Key-Usage: cert,sign",
        "Subkey-Type: RSA",
        f"Subkey-Length: {bits}",
        "Subkey-Usage: encrypt",
    ]


def _check_name(name: str) -> None:
    """Quotes, `%`, `#` and letters of any language stand for themselves in the value of a line; a line end cannot."""
    if any(not char.isprintable() for char in name):
        raise FormatError(f"the name {name!a} holds a character that cannot be printed, such as a line end")
    if name != name.strip() or not name:
        raise FormatError(f"the name {name!a} is empty or starts or ends with white space")
    if set(name) & set("<>()"):
        raise FormatError(f"the name {name!a} holds one of < > ( ), which separate the parts of a user ID")
    if "@" in name:
        raise FormatError(f"the name {name!a} holds an @", "give an address by --email")


def _check_email(email: str) -> None:
    local, at, domain = email.rpartition("@")
    bad = not at or not local or not domain or any(not char.isprintable() or char in " <>()," for char in email)
    if bad:
        raise FormatError(f"{email!a} is no mail address")


def is_expiry(text: str) -> bool:
    """True for a period, a date or 0, as gpg takes them."""
    if text[-1:] in ("d", "w", "m", "y"):
        return text[:-1].isascii() and text[:-1].isdigit() and int(text[:-1]) > 0
    if text == "0":
        return True
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    parts = (year, month, day)
    return all(part.isascii() and part.isdigit() for part in parts) and [len(part) for part in parts] == [4, 2, 2]
