"""A list with its readers: who should read the values that it governs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.access import Audience, KeyIndex, Reader
from eyamlgpg.model.keys import Fingerprint, Key, Subkey
from eyamlgpg.model.recipients import Refused, Resolution, Resolved
from eyamlgpg.model.resolve import usable


@dataclass(frozen=True, slots=True)
class Around:
    """What every recipients file of a tree is seen with."""

    index: KeyIndex
    puppetmasters: frozenset[Fingerprint] = frozenset()
    keys_in: str | None = None
    """The folder of the tree whose keys are all that count; None for a keyring."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """Where a list stands on the disk."""

    path: Path
    real: Path
    """With its links resolved: two folders may share one list by a link."""


@dataclass(frozen=True, slots=True)
class Governed:
    """One list, or an option in place of all of them, and what came of its names."""

    source: str
    """The list as messages and findings name it."""
    resolutions: tuple[Resolution, ...]
    audience: Audience
    """Of those who can be encrypted to."""
    excused: frozenset[Fingerprint]
    """Keys that a name means which cannot be encrypted to now: the recipients file's trouble, not the value's."""
    puppetmasters: frozenset[Fingerprint] = frozenset()
    """Keys that the policy declares to be Puppet servers'."""
    keys_in: str | None = None
    """The folder of the tree whose keys are all that count; None for a keyring."""
    file: ListFile | None = None
    """None for an option, and where there is nothing at all."""
    readers: tuple[Resolved, ...] = ()
    """Everybody to encrypt to, one key each; nobody where there is an error."""
    subkeys: tuple[Subkey, ...] = ()
    """Theirs, in the same order."""
    list_warnings: tuple[str, ...] = ()
    error: EyamlgpgError | None = None
    """What is wrong with any of them: values are encrypted to all or not at all, and nobody is judged by a part."""

    @classmethod
    def of(
        cls,
        source: str,
        resolutions: Sequence[Resolution],
        around: "Around",
        file: ListFile | None = None,
        *,
        warnings: tuple[str, ...] = (),
        error: EyamlgpgError | None = None,
    ) -> "Governed":
        """The readers that a list names."""
        wanted: Sequence[Resolved] = [resolution for resolution in resolutions if isinstance(resolution, Resolved)]
        readers: tuple[Resolved, ...] = ()
        if error is None:
            try:
                wanted = readers = usable(resolutions)
            except EyamlgpgError as problem:
                error = problem
        excused = frozenset(
            key.fingerprint
            for resolution in resolutions
            if isinstance(resolution, Refused)
            for key in resolution.candidates
        )
        audience = Audience(wanted, around.index)
        return cls(
            source=source,
            resolutions=tuple(resolutions),
            audience=audience,
            excused=excused,
            puppetmasters=around.puppetmasters,
            keys_in=around.keys_in,
            file=file,
            readers=readers,
            subkeys=tuple(reader.subkey for reader in readers),
            list_warnings=warnings,
            error=error,
        )

    @classmethod
    def broken(cls, source: str, error: EyamlgpgError, file: ListFile | None = None) -> "Governed":
        """A list that cannot be read, or none at all."""
        return cls(source, (), Audience((), KeyIndex(())), frozenset(), file=file, error=error)

    @property
    def judged_by(self) -> Audience | None:
        """Those whom values are held against; None where anything is wrong with any of them."""
        return self.audience if self.error is None else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of the list, then those of each reader."""
        return (*self.list_warnings, *(warning for reader in self.readers for warning in reader.warnings))

    @property
    def path(self) -> Path | None:
        """Of the list, as it was found."""
        return None if self.file is None else self.file.path

    @property
    def real(self) -> Path | None:
        """Of the list, links resolved."""
        return None if self.file is None else self.file.real

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
