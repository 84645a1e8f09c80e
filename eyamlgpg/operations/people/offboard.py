"""`offboard`: somebody leaves, or a key is lost to others. Planned as a whole; what is done already is skipped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError, raise_all
from eyamlgpg.formats.eyaml import recipients_edits, role_edits
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.model.people import Member, People, Roster
from eyamlgpg.model.rotation import Person
from eyamlgpg.operations.people.files import left, without_roles
from eyamlgpg.operations.people.former import FormerPorts, keep
from eyamlgpg.operations.people.whom import means, whom
from eyamlgpg.operations.readers.recrypt import Recryption
from eyamlgpg.operations.readers.recrypt_plan import Plan
from eyamlgpg.operations.recipients.apply import ApplyPorts, ApplyRequest, apply, foresee
from eyamlgpg.operations.recipients.change import (
    ListChange,
    SettingsChange,
    read_lines,
    refuse,
    resolutions,
)
from eyamlgpg.operations.recipients.meant import StandingList
from eyamlgpg.operations.recipients.roles import blocks_of, compared
from eyamlgpg.operations.recipients.target import TargetList
from eyamlgpg.operations.tree.source import RecipientsRequest


@dataclass(frozen=True, slots=True)
class OffboardRequest:
    """Who leaves."""

    name: str
    recipients: RecipientsRequest
    root: Path
    roster: Roster
    stored: Sequence[bytes]
    """Every key that the repository holds or ever held."""
    reencrypt: bool = True
    default: Method | None = None


@dataclass(frozen=True, slots=True)
class OffboardPlan:
    """What would be done; nothing of it is, yet."""

    person: Person
    members: tuple[Member, ...]
    """As whom they stand among the people and puppetmasters."""
    is_master: bool
    changes: tuple[ListChange, ...]
    """The lists that name them, and those whose values they can still read."""
    settings: tuple[SettingsChange, ...]
    values: int
    """To be re-encrypted."""
    files: int
    empty_roles: tuple[str, ...]
    """Roles that nobody has any more, whose blocks go."""

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that name them."""
        return tuple(change.place.name for change in self.changes if change.is_due)

    @property
    def roles(self) -> tuple[str, ...]:
        """Those that they have."""
        return tuple(dict.fromkeys(role for member in self.members for role in member.roles))

    @property
    def is_due(self) -> bool:
        """True if a file or a value would change."""
        return bool(self.lists or self.settings or self.values)


@dataclass(frozen=True, slots=True)
class Offboarded:
    """What was done."""

    recryption: Recryption | None
    moved: tuple[str, ...]
    errors: tuple[EyamlgpgError, ...]
    """Of values that could not be re-encrypted; everything else is done."""
    proposed: tuple[str, ...] = ()
    """The files that an approver has yet to sign."""


def plan_offboard(request: OffboardRequest, places: Sequence[TargetList], ports: ApplyPorts) -> OffboardPlan:
    """The plan for a leaver; raises all that is wrong, such as a list that would be left without a reader."""
    resolver = ports.resolver
    standings = [StandingList(place, read_lines(place.text, place.name, resolver)) for place in places]
    person = whom(request.name, request.roster, request.stored, standings, ports.resolver)
    members = tuple(one for one in request.roster.members if one.fingerprint in person.fingerprints)
    masters = tuple(one for one in members if one in request.roster.masters)
    people = tuple(one for one in members if one not in masters)
    after = _without(request.roster, members)
    empty = tuple(sorted({role for one in members for role in one.roles} - set(after.roles)))
    errors: list[EyamlgpgError] = []
    every: list[ListChange] = []
    for standing in standings:
        try:
            every.append(_change(standing, person, request.name, empty, ports))
        except RecipientError as error:
            errors.append(error)
    raise_all(errors)
    wanted = replace(_apply_request(request, every, ()), reencrypt=True)
    plan = foresee(wanted, silently(ports)) if every else None
    changes = _concerned(every, person, plan, ports)
    refuse((), [reader for change in changes for reader in change.readers] if request.reencrypt else ())
    settings = [left(people, request.root, ports.files)] if people else []
    settings += [without_roles(one, request.root, ports.files) for one in masters if one.roles]
    real = {ports.trees.real(change.place.path) for change in changes}
    due = [one for one in (plan.files if plan else ()) if one.governed.real in real]
    values = sum(one.due for one in due) if request.reencrypt else 0
    return OffboardPlan(
        person, members, bool(masters), changes, tuple(settings), values, len(due) if values else 0, empty
    )


def carry_out(plan: OffboardPlan, request: OffboardRequest, ports: ApplyPorts, former: FormerPorts) -> Offboarded:
    """Write people and lists, re-encrypt, and keep the key among the former ones; a value that fails stops no step."""
    errors: list[EyamlgpgError] = []
    recryption = None
    proposed: tuple[str, ...] = ()
    if plan.changes or plan.settings:
        before = [ports.files.read(change.place.path) for change in plan.changes]
        try:
            applied = apply(_apply_request(request, plan.changes, plan.settings), ports)
            recryption, proposed = applied.recryption, applied.proposed
        except EyamlgpgError as error:
            if before == [ports.files.read(change.place.path) for change in plan.changes] and plan.lists:
                raise
            errors.append(error)
    moved = [keep(one, request.stored, former) for one in plan.person.fingerprints]
    return Offboarded(recryption, tuple(one for one in moved if one is not None), tuple(errors), proposed)


def _without(roster: Roster, members: Iterable[Member]) -> Roster:
    gone = set(members)
    people = roster.people
    if people is not None:
        people = People(people.source, tuple(one for one in people.members if one not in gone))
    return Roster(people, tuple(one for one in roster.masters if one not in gone))


def _change(standing: StandingList, person: Person, name: str, empty: Sequence[str], ports: ApplyPorts) -> ListChange:
    place = standing.place
    lines = [line for line in standing.lines if means(line, person, name)]
    text = recipients_edits.remove(place.text, [line.entry.recipient for line in lines])
    gone = [role for role in empty if blocks_of(place).of(role) is not None]
    for role in gone:
        text = role_edits.drop(text, role)
    if text == place.text:
        return ListChange(place, text, resolutions(standing.lines))
    notes = tuple(f"{place.name}: the block of the role {role} goes, for nobody has it any more" for role in gone)
    return compared(place, text, ports.resolver, notes)


def _concerned(
    every: Sequence[ListChange], person: Person, plan: Plan | None, ports: ApplyPorts
) -> tuple[ListChange, ...]:
    """The changed lists, and those whose values an earlier run has left readable."""
    behind = {
        one.governed.real
        for one in (plan.files if plan else ())
        if any(one.tally.unexpected[fingerprint] for fingerprint in person.fingerprints)
        or any(one.tally.unknown[key_id] for key_id in person.key_ids)
    }
    return tuple(change for change in every if change.is_due or ports.trees.real(change.place.path) in behind)


def _apply_request(
    request: OffboardRequest, changes: Sequence[ListChange], settings: Sequence[SettingsChange]
) -> ApplyRequest:
    return ApplyRequest(
        tuple(changes),
        request.recipients,
        reencrypt=request.reencrypt,
        default=request.default,
        settings=tuple(settings),
        speaks_of_keys=False,
    )


class _Silent:
    """Tells nothing: what is foreseen is told when it is done."""

    def say(self, sentence: str) -> None:
        """Nothing."""

    def warn(self, *sentences: str) -> None:
        """Nothing."""


def silently(ports: ApplyPorts) -> ApplyPorts:
    """The same world, in which nothing is told."""
    return replace(ports, tell=_Silent())
