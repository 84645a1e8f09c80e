"""Which secret keys lie in a GnuPG home, told by the names of their files alone."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from eyamlgpg.model.keys import Fingerprint, Key, Subkey

_FILE = re.compile(r"([0-9A-F]{40})\.key")


def secret_keygrips(home: Path) -> frozenset[str]:
    """The keygrips of the secret keys in a home, those whose file only names a smart card included."""
    try:
        names = [path.name for path in (home / "private-keys-v1.d").iterdir()]
    except OSError:
        return frozenset()
    return frozenset(found[1] for name in names if (found := _FILE.fullmatch(name)))


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
