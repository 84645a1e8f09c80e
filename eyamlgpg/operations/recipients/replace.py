"""`recipients replace`: a new key of somebody who stands in the lists already."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import RecipientError, raise_all
from eyamlgpg.formats.eyaml import recipients_edits
from eyamlgpg.formats.eyaml.recipients_edits import Pinned
from eyamlgpg.formats.eyaml.recipients_file import Entry
from eyamlgpg.model.keys import Fingerprint, UserId, Validity
from eyamlgpg.model.matching import folded
from eyamlgpg.model.people import Roster
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolved
from eyamlgpg.model.resolve import Resolver, pinned_name
from eyamlgpg.operations.recipients.add import name_of
from eyamlgpg.operations.recipients.change import ListChange, ListedPerson, lockout, read_lines, refuse, resolutions
from eyamlgpg.operations.recipients.meant import LOOSE, StandingList, ambiguous, key_of, meant_lines, not_listed
from eyamlgpg.operations.recipients.remove import HintsOf, no_hints, require_any
from eyamlgpg.operations.recipients.roles import blocks_of, synced
from eyamlgpg.operations.recipients.target import TargetList

ON_THE_COMMAND_LINE = "recipients replace"


@dataclass(frozen=True, slots=True)
class ReplaceRequest:
    """Whose key makes way for which."""

    old: str
    """A fingerprint, a key ID, an address, a name, or what stands in the list; its key may be gone or revoked."""
    new: str
    reencrypt: bool = True
    roster: Roster = field(default_factory=Roster)
    """Who has which role."""
    may_change_roster: bool = True
    """False if a single list is meant: a role that is in it would put the new key into others, too."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What would be written."""

    changes: tuple[ListChange, ...]
    old: tuple[Fingerprint, ...]
    """The keys that make way in the lists of people and puppetmasters."""
    new: Fingerprint


def plan_replace(
    request: ReplaceRequest, places: Sequence[TargetList], resolver: Resolver, more_of: HintsOf = no_hints
) -> Replacement:
    """A change for each list in which the old key stands; raises all that is wrong, so that nothing is half done.

    A role block follows the people or puppetmasters, in whose files the key changes as well. Where both keys have the
    same name, the old one is that which stands in a list, and the new one the other. `more_of` is asked what helps
    where the old one stands in none.
    """
    for place in places:
        require_any(place)
    standings = [StandingList(place, read_lines(place.text, place.name, resolver)) for place in places]
    names = resolver.names
    meant = [meant_lines(request.old, standing, names) for standing in standings]
    new = _new(request.new, [line for lines in meant for line in lines], resolver)
    if any(meant) and all(_is(line, new) for lines in meant for line in lines):
        raise RecipientError(f"{request.old}: is the key {new.key.fingerprint} already, so there is nothing to replace")
    meant = [[line for line in lines if not _is(line, new)] for lines in meant]
    every = [line for lines in meant for line in lines]
    if not every:
        raise not_listed(request.old, standings, more_of(request.old))
    if len({key_of(line) for line in every}) > 1 and names.find(request.old).form in LOOSE:
        raise ambiguous(request.old, every)
    old = tuple(dict.fromkeys(Fingerprint(key_of(line)) for line in every))
    if not request.may_change_roster:
        raise_all([_in_one_list(line) for line in every if line.entry.block is not None])
    roster = request.roster
    for fingerprint in old:
        roster = roster.with_key(fingerprint, new.key.fingerprint)
    changes = [
        _change(standing, lines, new, resolver, roster)
        for standing, lines in zip(standings, meant, strict=True)
        if lines
    ]
    refuse((), [reader for change in changes for reader in change.readers] if request.reencrypt else ())
    known = {member.fingerprint for member in request.roster.members}
    named = tuple(one for one in old if one in known) if request.may_change_roster else ()
    return Replacement(tuple(changes), named, new.key.fingerprint)


def _in_one_list(line: ListedPerson) -> RecipientError:
    role = line.entry.block.role if line.entry.block else ""
    return RecipientError(
        f"{line.entry.recipient.where}: {line.person} stands there by the role {role}, as in other lists",
        "leave out --at to replace the key in every list",
    )


def _new(name: str, old: Sequence[ListedPerson], resolver: Resolver) -> Resolved:
    """The one key that a name means, keys of the old lines excepted where it means several."""
    [found] = resolver.resolve([Recipient(name, ON_THE_COMMAND_LINE)])
    if isinstance(found, Refused) and found.reason is Refusal.AMBIGUOUS:
        gone = {line.keys[0].fingerprint for line in old if len(line.keys) == 1}
        left = [key for key in found.candidates if key.fingerprint not in gone]
        if len(left) == 1:
            [found] = resolver.resolve([Recipient(left[0].fingerprint, ON_THE_COMMAND_LINE)])
    if isinstance(found, Refused):
        raise found.error
    return found


def _is(line: ListedPerson, new: Resolved) -> bool:
    """Whether a line means exactly the new key."""
    return [key.fingerprint for key in line.keys] == [new.key.fingerprint] and not (
        isinstance(line.resolution, Resolved) and line.resolution.subkey.fingerprint != new.subkey.fingerprint
    )


def _change(
    before: StandingList, meant: Sequence[ListedPerson], new: Resolved, resolver: Resolver, roster: Roster
) -> ListChange:
    place = before.place
    pinned = Pinned(pinned_name(new), name_of(new))
    old = [line for line in meant if line.entry.block is None]
    is_there = any(_is(line, new) for line in before.lines)
    if not old:
        text = place.text
    elif not is_there and len(old) == 1 and _is_under_name(old[0].entry, pinned.name):
        text = recipients_edits.pin(place.text, {old[0].entry.recipient: pinned})
    else:
        text = recipients_edits.remove(place.text, [line.entry.recipient for line in old])
        text = text if is_there else recipients_edits.add(text, [pinned])
    if len(old) < len(meant):
        text = synced(text, blocks_of(place), roster, resolver.now.date())
    readers = resolutions(read_lines(text, place.name, resolver))
    return ListChange(
        place,
        text,
        readers,
        added=() if is_there else (new,),
        removed=tuple(dict.fromkeys(meant)),
        questions=lockout(resolutions(before.lines), readers, place.name),
        warnings=new.warnings,
    )


def _is_under_name(entry: Entry, name: str) -> bool:
    """Whether the comment above may stay where it is: it is the same person's, or there is none."""
    return entry.comment is None or _said(entry.comment) == _said(name)


def _said(name: str) -> str:
    return folded(UserId(name, Validity.UNKNOWN).email or name)
