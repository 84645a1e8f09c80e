"""The vectors of fixtures/vectors/sealed: whole messages with their session keys."""

from base64 import b64decode
from dataclasses import dataclass, field

from eyamlgpg.formats.openpgp.session_key import SessionKey
from tests.support.vectors import Vector, vectors

PLAINTEXT = "plaintext"


@dataclass(frozen=True)
class Sealed:
    """One message, what is expected of it, and what is known of it."""

    name: str
    expect: str
    """`plaintext`, or why it is left to gpg."""
    message: bytes
    plaintext: bytes | None
    session_key: SessionKey | None = field(repr=False)


def every() -> list[Sealed]:
    return [_read(vector) for vector in vectors("sealed")]


def to_be_opened() -> list[Sealed]:
    return [one for one in every() if one.expect == PLAINTEXT]


def left_to_gnupg() -> list[Sealed]:
    return [one for one in every() if one.expect != PLAINTEXT]


def _read(vector: Vector) -> Sealed:
    told = dict(vector.expected)
    cipher, _, digits = told.get("session-key", "").partition(":")
    return Sealed(
        vector.name,
        told["expect"],
        b64decode(vector.content),
        b64decode(told["plaintext"]) if "plaintext" in told else None,
        SessionKey(int(cipher), bytes.fromhex(digits)) if cipher else None,
    )
