"""Which secret keys lie in a GnuPG home and how each is kept, told by their files alone: no agent is needed."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from eyamlgpg.model.keys import Fingerprint, Key, Protection, Subkey

_KEPT = re.compile(rb"\((?:[0-9]{1,3}:)?((?:protected-|shadowed-)?private-key)\b")
_UNPROTECTED = re.compile(rb"\((?:protection none|10:protection4:none)\b")
_PROTECTIONS = {
    b"private-key": Protection.CLEAR,
    b"protected-private-key": Protection.PASSPHRASE,
    b"shadowed-private-key": Protection.CARD,
}
_LARGEST = 65536
"""Bytes of a file; an RSA key of 16,384 bits has some 15,000."""

_FILE = re.compile(r"([0-9A-F]{40})\.key")


def secret_keygrips(home: Path) -> frozenset[str]:
    """The keygrips of the secret keys in a home, those whose file only names a smart card included."""
    try:
        names = [path.name for path in (home / "private-keys-v1.d").iterdir()]
    except OSError:
        return frozenset()
    return frozenset(found[1] for name in names if (found := _FILE.fullmatch(name)))


def protection_of(home: Path, keygrip: str) -> Protection:
    """How the secret key of a keygrip is kept, by the head of its file (gnupg's agent/keyformat.txt).

    A file is an S-expression, or since 2.3 lines with one behind `Key:`. A key that was imported and never used yet is
    kept as OpenPGP has it, within a "protected" key that may have no protection.
    """
    try:
        with (home / "private-keys-v1.d" / f"{keygrip}.key").open("rb") as file:
            content = file.read(_LARGEST).replace(b"\n ", b"")
    except OSError:
        return Protection.UNKNOWN
    found = _KEPT.search(content)
    if found is None:
        return Protection.UNKNOWN
    return Protection.CLEAR if _UNPROTECTED.search(content) else _PROTECTIONS[found[1]]


def with_secrets(keys: Sequence[Key], own: Collection[Fingerprint]) -> tuple[Key, ...]:
    """The keys, each part that is among these marked as one whose secret is here."""

    def marked(part: Subkey) -> Subkey:
        return replace(part, has_secret=True) if part.fingerprint in own else part

    return tuple(
        replace(key, primary=marked(key.primary), subkeys=tuple(map(marked, key.subkeys)))
        if any(part.fingerprint in own for part in key.parts)
        else key
        for key in keys
    )
