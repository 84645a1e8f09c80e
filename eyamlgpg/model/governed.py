"""Who should read the values of a folder: what the rules on access go by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eyamlgpg.model.access import Audience, KeyIndex, Reader
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.recipients import Refused, Resolution, Resolved


@dataclass(frozen=True, slots=True)
class Around:
    """What every recipients file of a tree is seen with."""

    index: KeyIndex
    puppetmasters: frozenset[Fingerprint] = frozenset()
    keys_in: str | None = None
    """The folder of the tree whose keys are all that count; None for a keyring."""


@dataclass(frozen=True, slots=True)
class Readers:
    """One recipients file and what came of its names."""

    source: str
    """The recipients file as findings name it."""
    resolutions: tuple[Resolution, ...]
    audience: Audience
    """Of those who can be encrypted to."""
    excused: frozenset[Fingerprint]
    """Keys that a name means which cannot be encrypted to now: the recipients file's trouble, not the value's."""
    puppetmasters: frozenset[Fingerprint] = frozenset()
    """Keys that the policy declares to be Puppet servers'."""
    keys_in: str | None = None
    """The folder of the tree whose keys are all that count; None for a keyring."""

    @classmethod
    def of(cls, source: str, resolutions: Sequence[Resolution], around: "Around") -> "Readers":
        """The readers that a recipients file names."""
        wanted = [resolution for resolution in resolutions if isinstance(resolution, Resolved)]
        excused = frozenset(
            key.fingerprint
            for resolution in resolutions
            if isinstance(resolution, Refused)
            for key in resolution.candidates
        )
        audience = Audience(wanted, around.index)
        return cls(source, tuple(resolutions), audience, excused, around.puppetmasters, around.keys_in)

    @property
    def is_certain(self) -> bool:
        """Whether every name means a key, so that what the list as a whole lacks can be told."""
        return all(isinstance(resolution, Resolved) for resolution in self.resolutions)

    @property
    def unknown(self) -> int:
        """How many names mean no key that is known here; unknown key IDs in a value may be theirs."""
        return sum(isinstance(resolution, Refused) and not resolution.candidates for resolution in self.resolutions)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The key of everybody who can be encrypted to, each once."""
        found = (resolution.key for resolution in self.resolutions if isinstance(resolution, Resolved))
        return tuple({key.fingerprint: key for key in found}.values())

    def is_puppetmaster(self, key: Key) -> bool:
        """Whether a key is a Puppet server's: the policy says so, or the word puppet stands in a user ID."""
        return key.fingerprint in self.puppetmasters or any(
            "puppet" in user_id.text.lower() for user_id in key.user_ids
        )


def named(keys: Iterable[Key]) -> str:
    """Keys by their primary user IDs, for a sentence."""
    return ", ".join(dict.fromkeys(key.user_id for key in keys))


def named_readers(readers: Iterable[Reader]) -> str:
    """The owners of (sub)keys, for a sentence."""
    return named(reader.key for reader in readers)
