"""`recipients add`: people who may read from now on."""

from collections.abc import Sequence

from eyamlgpg.errors import EyamlgpgError, flattened, raise_all
from eyamlgpg.formats.eyaml import recipients_edits, role_edits
from eyamlgpg.formats.eyaml.recipients_edits import Pinned
from eyamlgpg.model.people import Roster
from eyamlgpg.model.recipients import Recipient, Refused, Resolved
from eyamlgpg.model.resolve import Resolver, pinned_name
from eyamlgpg.operations.recipients.change import (
    ChangeRequest,
    ListChange,
    ListedPerson,
    has_own_key,
    lockout,
    read_lines,
    refuse,
    resolutions,
)
from eyamlgpg.operations.recipients.roles import (
    AT,
    blocks_of,
    by_a_role,
    left_without_reader,
    named_roles,
    others_blocks,
    pinned_holders,
    require_known,
)
from eyamlgpg.operations.recipients.target import TargetList

ON_THE_COMMAND_LINE = "recipients add"

_NOBODY = Roster()


def plan_add(request: ChangeRequest, place: TargetList, resolver: Resolver, roster: Roster = _NOBODY) -> ListChange:
    """The file with each newcomer as a full fingerprint under their name; raises all that is wrong with anybody.

    Who is a reader already is left as written, with a warning. Where the list is to name nobody else, all others go.
    `@ROLE` makes a block with those who have the role.
    """
    today = resolver.now.date()
    roles, ids = named_roles(request.ids)
    before = read_lines(place.text, place.above or place.name, resolver)
    asked = resolver.resolve(Recipient(name, ON_THE_COMMAND_LINE) for name in ids)
    errors: list[EyamlgpgError] = [resolution.error for resolution in asked if isinstance(resolution, Refused)]
    errors += require_known(roles, roster)
    people = [one for one in asked if isinstance(one, Resolved)]
    lines = _staying(before, people, place, roles) if request.only else before
    removed = tuple(line for line in before if line not in lines) if place.content is not None else ()
    errors += others_blocks(place, removed)
    added, known = _newcomers(people, lines)
    errors += by_a_role(place, added, roster, today)
    holders = {role: pinned_holders(role, roster, today) for role in roles}
    by_role = resolver.resolve(
        Recipient(one.fingerprint, f"{AT}{role}") for role, pinned in holders.items() for one in pinned
    )
    refuse(errors, (*resolutions(lines), *by_role) if request.reencrypt else ())
    begun = "" if request.only and place.content is None else place.text
    begun = recipients_edits.remove(begun, [line.entry.recipient for line in removed])
    text = recipients_edits.add(begun, [Pinned(pinned_name(one), name_of(one)) for one in added])
    made = [role for role in roles if blocks_of(place).of(role) is None or not begun]
    for role in made:
        text = role_edits.append(text, role, holders[role])
    known = (*known, *(f"{place.name}: has a block of the role {role} already" for role in roles if role not in made))
    more, _ = _newcomers([one for one in by_role if isinstance(one, Resolved)], lines) if made else ((), ())
    added = tuple({one.subkey.fingerprint: one for one in (*added, *more)}.values())
    readers = resolutions(read_lines(text, place.name, resolver))
    if not readers:
        raise left_without_reader(place)
    questions = () if place.question is None else (place.question,)
    return ListChange(
        place,
        text,
        readers,
        added=added,
        removed=removed,
        is_copy=place.above is not None and not request.only,
        questions=(*questions, *lockout(resolutions(before), readers, place.name)),
        warnings=(*known, *(warning for one in added for warning in one.warnings), *_alone(place, readers, resolver)),
        notes=tuple(f"{place.name}: has a block of the role {role} now" for role in made),
    )


def plan_add_everywhere(
    request: ChangeRequest, places: Sequence[TargetList], resolver: Resolver, roster: Roster = _NOBODY
) -> tuple[ListChange, ...]:
    """A change for each list in which one of them does not stand yet; raises each thing that is wrong once.

    Where they stand in all of them, the lists stay as they are, and each says so.
    """
    changes: list[ListChange] = []
    errors: dict[str, EyamlgpgError] = {}
    for place in places:
        try:
            changes.append(plan_add(request, place, resolver, roster))
        except EyamlgpgError as error:
            errors |= {one.sentence: one for one in flattened([error])}
    raise_all(tuple(errors.values()))
    return tuple(change for change in changes if change.added or change.notes) or tuple(changes)


def name_of(resolved: Resolved) -> str:
    """The user ID by which somebody was named, else the primary one."""
    return resolved.key.user_id if resolved.user_id is None else resolved.user_id.text


def _staying(
    before: Sequence[ListedPerson], people: Sequence[Resolved], place: TargetList, roles: Sequence[str]
) -> tuple[ListedPerson, ...]:
    """Of the lines of a list that is there those of these people and roles; a new list begins with nobody."""
    if place.content is None:
        return ()
    wanted = {one.subkey.fingerprint for one in people}
    return tuple(
        line
        for line in before
        if (line.entry.block is not None and line.entry.block.role in roles)
        or (
            line.entry.block is None
            and isinstance(line.resolution, Resolved)
            and line.resolution.subkey.fingerprint in wanted
        )
    )


def _newcomers(
    asked: Sequence[Resolved], lines: Sequence[ListedPerson]
) -> tuple[tuple[Resolved, ...], tuple[str, ...]]:
    """Those who are no readers yet, each once; a warning for each of the others."""
    readers = {
        line.resolution.subkey.fingerprint: line for line in reversed(lines) if isinstance(line.resolution, Resolved)
    }
    added: dict[str, Resolved] = {}
    known: list[str] = []
    for one in asked:
        if (line := readers.get(one.subkey.fingerprint)) is not None:
            recipient = line.entry.recipient
            written = "" if recipient.name.upper() == one.key.fingerprint else f", as {recipient.known}"
            written = f", by the role {line.entry.block.role}" if line.entry.block else written
            known.append(f"{recipient.where}: {name_of(one)} is there already{written}")
        else:
            added.setdefault(one.subkey.fingerprint, one)
    return tuple(added.values()), tuple(known)


def _alone(place: TargetList, readers: Sequence[Resolved | Refused], resolver: Resolver) -> tuple[str, ...]:
    """What to tell about a new file whose maker is not among its readers."""
    has_secret = any(key.has_secret for key in resolver.keys)
    if place.content is not None or place.text or not has_secret or has_own_key(readers):
        return ()
    return (f"{place.name}: you are not among the readers, so you cannot read what will be encrypted to them",)
