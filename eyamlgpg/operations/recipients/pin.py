"""`recipients pin`: every recipient as the full fingerprint that it means today, under their name."""

from eyamlgpg.errors import raise_all
from eyamlgpg.formats.eyaml import recipients_edits
from eyamlgpg.formats.eyaml.recipients_edits import Pinned
from eyamlgpg.formats.eyaml.recipients_file import require_any
from eyamlgpg.model.recipients import Refused, Resolved
from eyamlgpg.model.resolve import Resolver, pinned_name
from eyamlgpg.operations.recipients.add import name_of
from eyamlgpg.operations.recipients.change import ListChange, ListedPerson, read_lines, resolutions
from eyamlgpg.operations.recipients.roles import is_written_by_sync
from eyamlgpg.operations.recipients.target import TargetList


def plan_pin(place: TargetList, resolver: Resolver) -> ListChange:
    """The file with fingerprints for names; raises every recipient that cannot be used, for a pin speaks for it.

    A fingerprint keeps the comment above it, whatever it says.
    """
    lines = read_lines(place.text, place.name, resolver)
    require_any([line.entry.recipient for line in lines], place.name)
    raise_all([line.resolution.error for line in lines if isinstance(line.resolution, Refused)])
    raise_all([is_written_by_sync(line) for line in lines if line.entry.block and not _is_written(line)])
    pins = {}
    pinned = []
    for line in lines:
        resolution = line.resolution
        if line.entry.block is None and isinstance(resolution, Resolved) and not _is_pinned(line, resolution):
            pins[line.entry.recipient] = Pinned(pinned_name(resolution), name_of(resolution))
            pinned.append(resolution)
    text = recipients_edits.pin(place.text, pins)
    return ListChange(place, text, resolutions(lines), added=tuple(pinned))


def _is_written(line: ListedPerson) -> bool:
    return isinstance(line.resolution, Resolved) and line.entry.recipient.name == pinned_name(line.resolution)


def _is_pinned(line: ListedPerson, resolved: Resolved) -> bool:
    return line.entry.recipient.name == pinned_name(resolved) and line.entry.comment is not None
