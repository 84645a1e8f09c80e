"""Drift counted by person: how many values somebody lacks, and how many they can read and should not."""

from collections import Counter
from dataclasses import dataclass, field

from eyamlgpg.model.keys import Fingerprint, Key, KeyId
from eyamlgpg.operations.tree.drift import ValueDrift


@dataclass(slots=True)
class Tally:
    """Counts of values; each value counts once for each person."""

    missing: Counter[Fingerprint] = field(default_factory=Counter)
    """Should read and cannot."""
    unexpected: Counter[Fingerprint] = field(default_factory=Counter)
    """Can read and should not."""
    stale: Counter[Fingerprint] = field(default_factory=Counter)
    """Should read, and are named by an older or an expired subkey."""
    unknown: Counter[KeyId] = field(default_factory=Counter)
    """Can read, and nobody here knows who they are."""
    hidden: int = 0
    """Values with readers that the message does not name."""
    repeated: int = 0
    """Values that name a key ID more than once."""
    symmetric: int = 0
    """Values that a passphrase opens, too."""
    people: dict[Fingerprint, Key] = field(default_factory=dict)
    """Everybody who is counted."""

    def add(self, judged: ValueDrift) -> None:
        """Count one value."""
        self.symmetric += judged.told.symmetric
        drift = judged.drift
        if drift is None:
            return
        self._count(self.missing, [resolved.key for resolved in drift.missing])
        self._count(self.unexpected, [reader.key for reader in drift.unexpected])
        self._count(self.stale, [reader.key for reader in drift.stale])
        self.unknown.update(set(drift.unknown))
        self.repeated += bool(drift.repeated)
        self.hidden += drift.hidden

    def _count(self, counter: Counter[Fingerprint], keys: list[Key]) -> None:
        each_once = {key.fingerprint: key for key in keys}
        counter.update(each_once.keys())
        self.people |= each_once
