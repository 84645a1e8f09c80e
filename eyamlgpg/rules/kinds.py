"""The kinds of rules: what a rule of each kind looks at, and what it says, so that a type checker sees every call."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.model.access import AccessDrift
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.governed import Governed
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

Said = tuple[str, str]
"""The message of a finding, and its hint."""


@dataclass(frozen=True, slots=True)
class ClearTextRule:
    """A rule on one value in clear text."""

    rule: Rule
    sees: Callable[[Clear, Knowledge], Said | None]


@dataclass(frozen=True, slots=True)
class FileRule:
    """A rule on a file as a whole."""

    rule: Rule
    find: Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Access:
    """The message of one value, and how its readers differ from those who should read it."""

    message: Message
    drift: AccessDrift


@dataclass(frozen=True, slots=True)
class AccessRule:
    """A rule on the readers of one value."""

    rule: Rule
    find: Callable[[Place, Access, Governed], Finding | None]


@dataclass(frozen=True, slots=True)
class ReadersRule:
    """A rule on the readers that a recipients file names, taken together."""

    rule: Rule
    find: Callable[[Governed], Iterable[Finding]]
