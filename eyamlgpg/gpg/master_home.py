"""The keys of a master's GnuPG home: listed without an agent, and without a change to the home."""

from collections.abc import Mapping
from pathlib import Path

from eyamlgpg.gpg.health import GnupgHealth
from eyamlgpg.gpg.secret_files import protection_of
from eyamlgpg.model.keys import Key, KeyId, Protection


def secret_parts(home: Path, environ: Mapping[str, str]) -> tuple[tuple[Key, ...], dict[KeyId, Protection]]:
    """The keys whose secret part is in a home, and how each part is kept; raises GnupgError."""
    health = GnupgHealth(home, environ)
    listed, keygrips = health.keys(), health.keygrips()
    kept = {
        part.key_id: protection_of(home, keygrips[part.fingerprint])
        for key in listed
        for part in key.parts
        if part.fingerprint in keygrips
    }
    return tuple(key for key in listed if any(part.fingerprint in keygrips for part in key.parts)), kept
