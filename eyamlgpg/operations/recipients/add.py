"""`recipients add`: people who may read from now on."""

from collections.abc import Sequence

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

    Who is a reader already is left as written, with a warning.
    """
    lines = read_lines(place.text, place.name, resolver)
    asked = resolver.resolve(Recipient(name, ON_THE_COMMAND_LINE) for name in request.ids)
    errors = [resolution.error for resolution in asked if isinstance(resolution, Refused)]
    refuse(errors, resolutions(lines) if request.reencrypt else ())
    added, known = _newcomers([one for one in asked if isinstance(one, Resolved)], lines)
    text = recipients_file.add(place.text, [Pinned(pinned_name(one), name_of(one)) for one in added])
    readers = resolutions(read_lines(text, place.name, resolver))
    questions = () if place.question is None else (place.question,)
    return ListChange(
        place,
        text,
        readers,
        added=added,
        questions=(*questions, *lockout(resolutions(lines), readers, place.name)),
        warnings=(*known, *(warning for one in added for warning in one.warnings), *_alone(place, readers, resolver)),
    )


def name_of(resolved: Resolved) -> str:
    """The user ID by which somebody was named, else the primary one."""
    return resolved.key.user_id if resolved.user_id is None else resolved.user_id.text


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
