"""The masters that values are held against: those that the user names, else those that the policy declares."""

from collections.abc import Sequence
from difflib import get_close_matches

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.hiera_check import HieraFinding, Master
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.ports import Keyring
from eyamlgpg.operations.readers.key_ids import key_ids_of


class AllKeys:
    """`Keyring`: the keys of the user and those that the tree keeps."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple({key.fingerprint: key for key in keys}.values())

    def keys(self) -> Sequence[Key]:
        """Each once."""
        return self._keys


def masters_of(
    names: Sequence[str], policy: Policy | None, keyring: Keyring
) -> tuple[tuple[Master, ...], tuple[HieraFinding, ...]]:
    """The masters, and those of the policy whose key is not known.

    Raises RecipientError, with the nearest names, for a name that is neither a master of the policy nor a key.
    """
    declared = {} if policy is None else dict(policy.puppetmasters)
    listed = keyring.keys()
    by_fingerprint = {key.fingerprint: key for key in listed}
    found: list[Master] = []
    unknown: list[HieraFinding] = []
    for name in names or declared:
        fingerprint = declared.get(name)
        key = None if fingerprint is None else by_fingerprint.get(fingerprint)
        if fingerprint is None:
            found.append(_named(name, declared, keyring))
        elif key is not None:
            key_ids = frozenset(part.key_id for part in key.parts)
            found.append(Master(name, key_ids, fingerprint, is_asked_for=name in names))
        else:
            message = f"the key {fingerprint} of the master {name} is neither on the keyring nor in .eyamlgpg/keys"
            hint = "eyamlgpg keys import FILE; then its values can be told"
            source = policy.source if policy is not None else ""
            unknown.append(
                HieraFinding("master-key-unknown", State.UNKNOWN, message, source, 1, master=name, hint=hint)
            )
    return tuple(found), tuple(unknown)


def _named(name: str, declared: dict[str, Fingerprint], keyring: Keyring) -> Master:
    try:
        key_ids = key_ids_of(name, keyring)
    except EyamlgpgError as error:
        near = get_close_matches(name, declared, n=2)
        hints = (f"did you mean {' or '.join(near)}?",) if near else error.hints
        raise RecipientError(f"--master {name}: is neither a puppetmaster of the policy nor a key", *hints) from None
    listed = keyring.keys()
    owner = next((key for key in listed if any(part.key_id in key_ids for part in key.parts)), None)
    fingerprint = None if owner is None else owner.fingerprint
    return Master(owner.user_id if owner is not None else name, key_ids, fingerprint, is_asked_for=True)
