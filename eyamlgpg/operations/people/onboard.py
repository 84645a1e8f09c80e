"""`onboard`: somebody joins. Planned as a whole; each step that is done already is skipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eyamlgpg.errors import ConfigError, EyamlgpgError, RecipientError, raise_all
from eyamlgpg.formats.eyaml import role_edits
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.model.keys import Fingerprint, Key, Validity, unusable_reason
from eyamlgpg.model.people import Member, People, Roster
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.people.files import joined
from eyamlgpg.operations.people.newcomer import Newcomer
from eyamlgpg.operations.people.offboard import silently
from eyamlgpg.operations.recipients.add import plan_add
from eyamlgpg.operations.recipients.apply import ApplyPorts, ApplyRequest, foresee
from eyamlgpg.operations.recipients.change import ChangeRequest, ListChange, SettingsChange, read_lines, refuse
from eyamlgpg.operations.recipients.roles import blocks_of, compared, pinned_holders
from eyamlgpg.operations.recipients.target import TargetList
from eyamlgpg.operations.tree.settings import PEOPLE
from eyamlgpg.operations.tree.source import RecipientsRequest


@dataclass(frozen=True, slots=True)
class OnboardRequest:
    """Who joins, and what they are to read."""

    roles: tuple[str, ...]
    at: tuple[TargetList, ...]
    """The lists that are to name them beside their roles."""
    recipients: RecipientsRequest
    root: Path
    roster: Roster
    until: date | None = None
    default: Method | None = None


@dataclass(frozen=True, slots=True)
class OnboardPlan:
    """What would be done to people, lists and values."""

    member: Member | None
    """As whom they will stand among the people; None where lists alone name them."""
    settings: tuple[SettingsChange, ...]
    changes: tuple[ListChange, ...]
    """The lists that will name them, due or not: values of an earlier run may be behind."""
    values: int
    files: int
    warnings: tuple[str, ...] = ()

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists that change."""
        return tuple(change.place.name for change in self.changes if change.is_due)

    @property
    def is_due(self) -> bool:
        """True if a file or a value would change."""
        return bool(self.settings or self.lists or self.values)


def foreseen(newcomer: Newcomer, resolver: Resolver) -> Resolver:
    """The keyring as it will be once the newcomer's key is on it and certified."""
    key = newcomer.key
    if not newcomer.is_certified:
        key = replace(
            key,
            primary=replace(key.primary, validity=_certified(key.primary.validity)),
            user_ids=tuple(replace(one, validity=_certified(one.validity)) for one in key.user_ids),
            subkeys=tuple(replace(one, validity=_certified(one.validity)) for one in key.subkeys),
        )
    others = [one for one in resolver.keys if one.fingerprint != key.fingerprint]
    return Resolver(lambda: [*others, key], resolver.now)


def refuse_unusable(key: Key, resolver: Resolver) -> None:
    """Raise RecipientError for a key that nothing can be encrypted to."""
    reason = unusable_reason(key, now=resolver.now)
    if reason is not None:
        raise RecipientError(
            f"{key.fingerprint} ({key.user_id}): is {reason.value}, so nobody can encrypt to it",
            "ask its owner for a key that is in use",
        )


def plan_onboard(request: OnboardRequest, key: Key, places: Sequence[TargetList], ports: ApplyPorts) -> OnboardPlan:
    """The plan for a newcomer whose key is, or will be, on the keyring of the ports; raises all that is wrong."""
    today = ports.resolver.now.date()
    member = _member(request, key, today)
    raise_all(_unknown_roles(request, places))
    people = request.roster.people
    settings = []
    roster = request.roster
    if member is not None:
        note = f"{PEOPLE.as_posix()}: {member.name}{_with_roles(member)}"
        change = joined(member, note, request.root, ports.files)
        settings += [] if change is None else [change]
        others = tuple(one for one in (people.members if people else ()) if one.fingerprint != key.fingerprint)
        roster = Roster(People(people.source if people else PEOPLE.as_posix(), (*others, member)), roster.masters)
    changes = _changes(request, key, member, _Lists(places, roster, today, ports))
    warnings = tuple(
        f"no recipients file has a block of the role {role}, so it opens nothing: "
        f"eyamlgpg recipients add @{role} --at DIR"
        for role in request.roles
        if not any(blocks_of(place).of(role) for place in places)
    )
    plan = foresee(apply_request(request, changes, ()), silently(ports)) if changes else None
    refuse((), [reader for change in changes for reader in change.readers])
    values, files = (0, 0) if plan is None else (plan.due, len(plan.files))
    return OnboardPlan(member, tuple(settings), changes, values, files, warnings)


def apply_request(
    request: OnboardRequest, changes: Sequence[ListChange], settings: Sequence[SettingsChange]
) -> ApplyRequest:
    """The changes as they are carried out."""
    return ApplyRequest(
        tuple(changes), request.recipients, default=request.default, settings=tuple(settings), speaks_of_keys=False
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """Where the newcomer is to be named."""

    places: Sequence[TargetList]
    roster: Roster
    """As it will be."""
    today: date
    ports: ApplyPorts


def _changes(request: OnboardRequest, key: Key, member: Member | None, lists: _Lists) -> tuple[ListChange, ...]:
    """Every list that will name the newcomer, by a role or by itself."""
    real = lists.ports.trees.real
    at = {real(place.path): place for place in request.at}
    every = {real(place.path): place for place in lists.places} | at
    found: list[ListChange] = []
    errors: list[EyamlgpgError] = []
    for path, place in every.items():
        text = _with_blocks(place, member, lists)
        warnings: tuple[str, ...] = ()
        questions = () if place.question is None or path not in at else (place.question,)
        try:
            if path in at and not _names(text, key, place, lists):
                added = plan_add(ChangeRequest((key.fingerprint,)), replace(place, text=text), lists.ports.resolver)
                text, warnings = added.text, added.warnings
            elif path in at and place.content is None:
                raise RecipientError(f"{place.above}: names {key.user_id} already, and governs {place.folder}")
            change = compared(place, text, lists.ports.resolver)
        except RecipientError as error:
            if text != place.text or path in at:
                errors.append(error)
            continue
        if (change.is_due and place.content is None) or _names(text, key, place, lists):
            found.append(replace(change, warnings=warnings, questions=(*questions, *change.questions)))
    raise_all(errors)
    return tuple(found)


def _with_blocks(place: TargetList, member: Member | None, lists: _Lists) -> str:
    """The text of a list with the blocks of the newcomer's roles written anew."""
    text = place.text
    for block in blocks_of(place).blocks:
        if member is not None and block.role in member.roles:
            text = role_edits.rewrite(text, block.role, pinned_holders(block.role, lists.roster, lists.today))
    return text


def _names(text: str, key: Key, place: TargetList, lists: _Lists) -> bool:
    read = read_lines(text, place.name, lists.ports.resolver)
    return any(
        isinstance(line.resolution, Resolved) and line.resolution.key.fingerprint == key.fingerprint for line in read
    )


def _member(request: OnboardRequest, key: Key, today: date) -> Member | None:
    known = None if request.roster.people is None else request.roster.people.of(key.fingerprint)
    master = next((one for one in request.roster.masters if one.fingerprint == key.fingerprint), None)
    if master is not None and (request.roles or request.until):
        raise ConfigError(
            f"{key.user_id} is the puppetmaster {master.name}, which has its roles in .eyamlgpg/policy.yaml",
            "write them there, then: eyamlgpg recipients sync",
        )
    if known is not None and known.is_over(today) and request.until is None:
        raise ConfigError(
            f"{PEOPLE.as_posix()}:{known.line}: the last day of {known.name} was {known.until}",
            "say the new one: --until DATE, or take it out of the file",
        )
    if known is None and not request.roles and request.until is None:
        return None
    roles = dict.fromkeys((*(known.roles if known else ()), *request.roles))
    until = request.until or (known.until if known else None)
    return Member(Fingerprint(key.fingerprint), known.name if known else key.user_id, tuple(roles), until)


def _unknown_roles(request: OnboardRequest, places: Sequence[TargetList]) -> list[ConfigError]:
    """A role that nobody has and no list knows is a typo, unless nobody has any role yet."""
    known = request.roster.roles
    errors = []
    for role in request.roles:
        if known and role not in known and not any(blocks_of(place).of(role) for place in places):
            sentence, hints = request.roster.unknown_role(role)
            new = f"for a new role: write it for somebody in {PEOPLE.as_posix()} first"
            errors.append(ConfigError(f"--role {role}: {sentence}", *hints, new))
    return errors


def _with_roles(member: Member) -> str:
    roles = f", {', '.join(member.roles)}" if member.roles else ""
    return f"{roles}{'' if member.until is None else f', until {member.until}'}"


def _certified(validity: Validity) -> Validity:
    is_void = validity in (Validity.REVOKED, Validity.EXPIRED, Validity.INVALID, Validity.DISABLED)
    return validity if is_void or validity.is_certified else Validity.FULL
