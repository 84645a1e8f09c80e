"""Whole messages sealed in this process, for keys of the kinds that are known here."""

from collections.abc import Sequence

from eyamlgpg.formats.openpgp.public_keys import read_public_keys
from eyamlgpg.gpg.sealing.data import encrypted, new_session_key
from eyamlgpg.gpg.sealing.pkesk import Reader, reader_of, session_keys
from eyamlgpg.model.keys import Subkey


def readers_of(exported: bytes, subkeys: Sequence[Subkey]) -> list[Reader] | None:
    """A reader for each subkey, once each, out of their export; None where the kind of one is not known here."""
    public = read_public_keys(exported)
    fingerprints = list(dict.fromkeys(subkey.fingerprint for subkey in subkeys))
    if not all(fingerprint in public for fingerprint in fingerprints):
        return None
    try:
        return [reader_of(public[fingerprint]) for fingerprint in fingerprints]
    except ValueError:
        return None


def seal(plaintext: bytes, readers: Sequence[Reader]) -> bytes:
    """A binary message to these readers; ValueError for a key that turns out to be of no use."""
    key = new_session_key()
    return b"".join((*session_keys(key, readers), encrypted(plaintext, key)))
