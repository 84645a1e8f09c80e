"""What `gpg --with-colons --list-keys` writes, as keys (the format: gpg's doc/DETAILS, "Format of colon listings").

    field   1     2         3     4     5       6        7        9           10        12            15      17
    pub : validity : bits : algo : key ID : created : expires : ownertrust : …       : capabilities : token : curve
    fpr : …                                                                : fingerprint
    uid : validity : …                                                     : user ID

A `fpr` record names the `pub`, `sub`, `sec` or `ssb` record before it. Records and fields that we do not know are
passed over, as DETAILS asks; so is a key or subkey without a name, since nothing could be done with it.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

from eyamlgpg.model.keys import Fingerprint, Key, KeyId, OwnerTrust, Subkey, UserId, Validity

Letter = TypeVar("Letter", bound=Enum)
_Judged = TypeVar("_Judged", Subkey, UserId)

_PRIMARY = ("pub", "sec")
_SUBKEY = ("sub", "ssb")
_SECRET = ("sec", "ssb")
_FINGERPRINT = re.compile(r"[0-9A-F]{32,64}")
_KEY_ID = re.compile(r"[0-9A-F]{16}")
_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"f": b"\f", b"v": b"\v", b"b": b"\b", b"0": b"\0"}

_JUDGED_AGAIN = (Validity.UNDEFINED, Validity.MARGINAL)

_ALGORITHMS = {"1": "rsa", "2": "rsa", "3": "rsa", "16": "elg", "17": "dsa", "20": "elg"}
"""The public key algorithms that are named with their bits (RFC 4880, 9.1); elliptic curves go by the curve's name."""


@dataclass(slots=True)
class _Draft:
    """A certificate while its records are read."""

    record: list[bytes]
    fingerprint: str = ""
    user_ids: list[UserId] = field(default_factory=list)
    subkeys: list[Subkey] = field(default_factory=list)
    pending: list[bytes] | None = None
    """The `sub` or `ssb` record that waits for its fingerprint."""

    def name(self, fingerprint: str) -> None:
        if self.pending is not None:
            subkey = _subkey(self.pending, fingerprint)
            self.pending = None
            if subkey is not None:
                self.subkeys.append(subkey)
        elif not self.fingerprint:
            self.fingerprint = fingerprint

    def key(self) -> Key | None:
        primary = _subkey(self.record, self.fingerprint)
        if primary is None:
            return None
        key = Key(
            primary=primary,
            ownertrust=_member(OwnerTrust, _text(self.record, 9)[:1]) or OwnerTrust.UNKNOWN,
            user_ids=tuple(self.user_ids),
            subkeys=tuple(self.subkeys),
            disabled="D" in _text(self.record, 12),
        )
        return _ultimate(key) if key.ownertrust is OwnerTrust.ULTIMATE else key


def parse(listing: bytes) -> tuple[Key, ...]:
    """The keys of a listing, in its order; total: what makes no sense is passed over.

    Wanted is a listing with `--fixed-list-mode --with-fingerprint --with-fingerprint`, and `--with-secret` where it is
    to be known which secret keys are here.
    """
    drafts: list[_Draft] = []
    for line in listing.split(b"\n"):
        record = line.split(b":")
        kind = _text(record, 1)
        if kind in _PRIMARY:
            drafts.append(_Draft(record))
        elif not drafts:
            continue
        elif kind in _SUBKEY:
            drafts[-1].pending = record
        elif kind == "fpr":
            drafts[-1].name(_text(record, 10))
        elif kind == "uid":
            drafts[-1].user_ids.append(UserId(unquoted(record[9] if len(record) > 9 else b""), _validity(record)))
    return tuple(key for draft in drafts if (key := draft.key()) is not None)


def keygrips(listing: bytes) -> dict[Fingerprint, str]:
    """The keygrip of each (sub)key by its fingerprint, in a listing with `--with-keygrip`."""
    found: dict[Fingerprint, str] = {}
    fingerprint = ""
    for line in listing.split(b"\n"):
        record = line.split(b":")
        match _text(record, 1):
            case "fpr":
                fingerprint = _text(record, 10)
            case "grp" if fingerprint:
                found[Fingerprint(fingerprint)] = _text(record, 10)
                fingerprint = ""
    return found


def _ultimate(key: Key) -> Key:
    """The key, all of it valid, as an ultimately trusted one is in itself.

    With keyboxd, gpg (2.4.7, 2.4.9) judges such a key a second time, by the signatures of others on it, and lists it as
    `undefined` or `marginal` where these are not enough.
    """

    def mended(part: _Judged) -> _Judged:
        return replace(part, validity=Validity.ULTIMATE) if part.validity in _JUDGED_AGAIN else part

    return replace(
        key,
        primary=mended(key.primary),
        user_ids=tuple(map(mended, key.user_ids)),
        subkeys=tuple(map(mended, key.subkeys)),
    )


def _subkey(record: list[bytes], fingerprint: str) -> Subkey | None:
    key_id = _text(record, 5)
    if not _FINGERPRINT.fullmatch(fingerprint) or not _KEY_ID.fullmatch(key_id):
        return None
    return Subkey(
        fingerprint=Fingerprint(fingerprint),
        key_id=KeyId(key_id),
        algorithm=_algorithm(record),
        created=_moment(_text(record, 6)) or datetime.fromtimestamp(0, UTC),
        expires=_moment(_text(record, 7)),
        validity=_validity(record),
        # Upper-case letters in a `pub` record are what the certificate as a whole can do now.
        capabilities=frozenset(_text(record, 12)) & frozenset("esca"),
        has_secret=_has_secret(record),
    )


def _has_secret(record: list[bytes]) -> bool:
    """Field 15: `+` or a card's serial number where the secret key is here, `#` for a stub without it.

    In a secret key listing, an empty field stands for a key on disk.
    """
    place = _text(record, 15)
    return place != "#" and (bool(place) or _text(record, 1) in _SECRET)


def _algorithm(record: list[bytes]) -> str:
    """As gpg has named it since 2.3: the curve's name, or the family with its bits."""
    number, bits, curve = _text(record, 4), _text(record, 3), _text(record, 17)
    if curve:
        return curve
    return f"{_ALGORITHMS[number]}{bits}" if number in _ALGORITHMS else f"unknown_{number}"


def _validity(record: list[bytes]) -> Validity:
    return _member(Validity, _text(record, 2)[:1]) or Validity.UNKNOWN


def _member(letters: type[Letter], letter: str) -> Letter | None:
    return next((member for member in letters if member.value == letter), None)


def _moment(text: str) -> datetime | None:
    """Seconds since 1970 or `19660205T091500`, both UTC; None for never, and for what is no time.

    A time beyond what Python can hold is its last moment: a key that expires in the year 30000 does not expire now.
    """
    if "T" in text:
        try:
            return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        return None
    try:
        return datetime.fromtimestamp(int(text[:20]), UTC)
    except (OverflowError, OSError, ValueError):
        return datetime.max.replace(tzinfo=UTC)


def unquoted(field: bytes) -> str:
    """A user ID without its C quoting; bytes that are not UTF-8 (old keys) become U+FFFD."""
    return _ESCAPE.sub(_unescaped, field).decode("utf-8", "replace")


def _unescaped(found: re.Match[bytes]) -> bytes:
    digits, letter = found.groups()
    return bytes([int(digits, 16)]) if digits else _LETTERS.get(letter, letter)


def _text(record: list[bytes], number: int) -> str:
    """A field by its number in DETAILS, from 1; empty where the record is shorter."""
    return record[number - 1].decode("ascii", "replace") if len(record) >= number else ""
