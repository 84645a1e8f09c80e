"""`recipients add`: people who may read from now on."""

from collections.abc import Sequence

from eyamlgpg.errors import EyamlgpgError, flattened, raise_all
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import Pinned
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
from eyamlgpg.operations.recipients.target import TargetList

ON_THE_COMMAND_LINE = "recipients add"


def plan_add(request: ChangeRequest, place: TargetList, resolver: Resolver) -> ListChange:
    """The file with each newcomer as a full fingerprint under their name; raises all that is wrong with anybody.

    Who is a reader already is left as written, with a warning. Where the list is to name nobody else, all others go.
    """
    before = read_lines(place.text, place.above or place.name, resolver)
    asked = resolver.resolve(Recipient(name, ON_THE_COMMAND_LINE) for name in request.ids)
    errors = [resolution.error for resolution in asked if isinstance(resolution, Refused)]
    people = [one for one in asked if isinstance(one, Resolved)]
    lines = _staying(before, people, place) if request.only else before
    removed = tuple(line for line in before if line not in lines) if place.content is not None else ()
    refuse(errors, resolutions(lines) if request.reencrypt else ())
    added, known = _newcomers(people, lines)
    begun = "" if request.only and place.content is None else place.text
    begun = recipients_file.remove(begun, [line.entry.recipient for line in removed])
    text = recipients_file.add(begun, [Pinned(pinned_name(one), name_of(one)) for one in added])
    readers = resolutions(read_lines(text, place.name, resolver))
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
    )


def plan_add_everywhere(
    request: ChangeRequest, places: Sequence[TargetList], resolver: Resolver
) -> tuple[ListChange, ...]:
    """A change for each list in which one of them does not stand yet; raises each thing that is wrong once.

    Where they stand in all of them, the lists stay as they are, and each says so.
    """
    changes: list[ListChange] = []
    errors: dict[str, EyamlgpgError] = {}
    for place in places:
        try:
            changes.append(plan_add(request, place, resolver))
        except EyamlgpgError as error:
            errors |= {one.sentence: one for one in flattened([error])}
    raise_all(tuple(errors.values()))
    return tuple(change for change in changes if change.added) or tuple(changes)


def name_of(resolved: Resolved) -> str:
    """The user ID by which somebody was named, else the primary one."""
    return resolved.key.user_id if resolved.user_id is None else resolved.user_id.text


def _staying(before: Sequence[ListedPerson], people: Sequence[Resolved], place: TargetList) -> tuple[ListedPerson, ...]:
    """Of the lines of a list that is there those that mean one of these people; a new list begins with nobody."""
    if place.content is None:
        return ()
    wanted = {one.subkey.fingerprint for one in people}
    return tuple(
        line
        for line in before
        if isinstance(line.resolution, Resolved) and line.resolution.subkey.fingerprint in wanted
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
