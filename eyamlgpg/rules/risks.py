"""What is risky about the readers of values, told from the values alone; each risk has the id of a rule of `check`.

`check` judges lists and single values against them; here all values that have the same fault are one risk.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from eyamlgpg.model.audit import AuditedValue, Kind, Party, Risk
from eyamlgpg.rules.access import few_people, hidden, no_puppetmaster, passphrase, unexpected, unknown
from eyamlgpg.rules.recipients import roles
from eyamlgpg.rules.rule import Rule

LEAST_PEOPLE = 2


def risks(values: Sequence[AuditedValue], parties: Mapping[str, Party], today: date) -> tuple[Risk, ...]:
    """Every risk, each rule once: errors first, then by the number of values."""
    judged = _Judged(values, parties, today)
    found = [risk for risk in judged.all() if risk.values]
    return tuple(sorted(found, key=lambda risk: (risk.severity.value, -len(risk.values))))


_Sets = tuple[tuple[str, ...], tuple[str, ...] | None]
"""The readers of a value, and those of its list."""


class _Judged:
    """All values, held against all that is known of their readers.

    A tree has many values and few sets of readers, so what depends on the readers alone is judged once a set.
    """

    def __init__(self, values: Sequence[AuditedValue], parties: Mapping[str, Party], today: date) -> None:
        self._values = values
        self._kinds: dict[tuple[str, ...], Counter[Kind]] = {}
        self._parties = parties
        self._today = today

    def all(self) -> Iterator[Risk]:
        """One risk a rule, whether or not any value has it."""
        over = self._readers_where(lambda value: self._those(value.readers, self._is_over))
        yield self._risk(roles.UNTIL_PASSED, "readable by somebody whose last day is over", *over)
        known = self._readers_where(lambda value: self._those(value.readers, _is_unknown))
        yield self._risk(unknown.RULE, "readable by an unknown key", *known)
        nameless = self._readers_where(lambda value: self._those(value.readers, _is_hidden))
        yield self._risk(hidden.RULE, "readable by a key that the message does not name", nameless[0])
        beyond = self._readers_where(lambda value: self._those(value.unexpected, _is_known))
        yield self._risk(unexpected.RULE, "readable by somebody whom the recipients file does not name", *beyond)
        yield self._risk(passphrase.RULE, "opened by a passphrase, too", self._where(lambda value: value.passphrase))
        few = self._where(lambda value: self._count(value, Kind.PERSON) < LEAST_PEOPLE)
        yield self._risk(few_people.RULE, "readable by fewer than two people", few)
        unserved = self._where(lambda value: self._count(value, Kind.MASTER) == 0)
        yield self._risk(no_puppetmaster.RULE, "readable by no puppetmaster", unserved)

    def _is_over(self, party: Party) -> bool:
        return party.until is not None and party.until < self._today

    def _those(self, readers: Sequence[str], are: Callable[[Party], bool]) -> Sequence[str]:
        return [reader for reader in readers if are(self._parties[reader])]

    def _count(self, value: AuditedValue, kind: Kind) -> int:
        if value.readers not in self._kinds:
            self._kinds[value.readers] = Counter(self._parties[reader].kind for reader in value.readers)
        return self._kinds[value.readers][kind]

    def _where(self, has: Callable[[AuditedValue], bool]) -> tuple[AuditedValue, ...]:
        return tuple(value for value in self._values if has(value))

    def _readers_where(
        self, of: Callable[[AuditedValue], Sequence[str]]
    ) -> tuple[tuple[AuditedValue, ...], tuple[Party, ...]]:
        """The values with such a reader, and these readers, those of most values first."""
        judged: dict[_Sets, Sequence[str]] = {}
        concerned = []
        counts: Counter[str] = Counter()
        for value in self._values:
            sets = value.readers, value.wanted
            if sets not in judged:
                judged[sets] = of(value)
            if judged[sets]:
                concerned.append(value)
                counts.update(judged[sets])
        return tuple(concerned), tuple(self._parties[one] for one, _ in counts.most_common())

    @staticmethod
    def _risk(rule: Rule, message: str, values: tuple[AuditedValue, ...], parties: tuple[Party, ...] = ()) -> Risk:
        return Risk(rule.id, rule.severity, message, values, parties)


def _is_unknown(party: Party) -> bool:
    return party.kind is Kind.UNKNOWN


def _is_hidden(party: Party) -> bool:
    return party.kind is Kind.HIDDEN


def _is_known(party: Party) -> bool:
    return party.is_known
