"""How a key comes onto the keyring: by which command, told from what the repository keeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eyamlgpg.model.keys import Fingerprint, Key, KeyId, OwnerTrust
from eyamlgpg.model.objections import IMPORT_HINT, IMPORT_REPOSITORY

FROM_FILE = "import it: eyamlgpg keys import FILE"


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key in `.eyamlgpg/keys`."""

    fingerprint: Fingerprint
    name: str
    """The user ID that it gives itself; no keyring has judged it."""
    certified_by: frozenset[KeyId] = frozenset()
    """Who signed one of its user IDs, by what the signatures say of themselves."""


Kept = Callable[[str], KeptKey | None]
"""The key of the repository that a name means; None where it keeps none, or more than one."""


def with_import_hints(hints: Sequence[str], name: str, kept: Kept | None) -> tuple[str, ...]:
    """The hints with the one command that imports the key that a name means; as they are where nobody can tell."""
    if kept is None or IMPORT_HINT not in hints:
        return tuple(hints)
    [better] = kept_hint(name, kept) or (FROM_FILE,)
    return tuple(better if hint == IMPORT_HINT else hint for hint in hints)


def kept_hint(name: str, kept: Kept | None) -> tuple[str, ...]:
    """The hint that the repository keeps the key that a name means; none where it does not."""
    key = None if kept is None else kept(name)
    if key is None:
        return ()
    called = "it" if key.fingerprint == name else key.fingerprint
    return (f"the repository keeps {called}, as {key.name}: {IMPORT_REPOSITORY}",)


def certified_in_repository(key: Key, ring: Sequence[Key], kept: Kept | None) -> tuple[str, ...]:
    """A hint where the repository's copy of a key is certified by somebody whom this keyring trusts to certify.

    Had the keyring that copy, the key would be certified.
    """
    copy = None if kept is None else kept(key.fingerprint)
    if copy is None:
        return ()
    trusted = (OwnerTrust.FULL, OwnerTrust.ULTIMATE)
    by = [
        one.user_id
        for one in ring
        if one.ownertrust in trusted and one.validity.is_certified and one.primary.key_id in copy.certified_by
    ]
    if not by:
        return ()
    return (f"its copy in .eyamlgpg/keys is certified by {by[0]}, whom you trust to certify: {IMPORT_REPOSITORY}",)
