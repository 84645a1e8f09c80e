"""Role blocks in the lists of a tree: what each is to hold, and what no command changes about one by itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePath

from eyamlgpg.errors import EyamlgpgError, RecipientError, raise_all
from eyamlgpg.formats.eyaml import recipients_file, role_edits
from eyamlgpg.formats.eyaml.recipients_edits import Pinned
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.formats.eyaml.role_blocks import RoleBlock, RoleBlocks
from eyamlgpg.model.people import Roster
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.recipients.change import ListChange, ListedPerson, lockout, read_lines, refuse, resolutions
from eyamlgpg.operations.recipients.target import TargetList
from eyamlgpg.rules.rule import adding, argument

AT = "@"
"""Begins the name of a role where a recipient may be named."""

SYNC = "eyamlgpg recipients sync"


def named_roles(ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles among the names, then all other names."""
    every = tuple(dict.fromkeys(ids))
    return tuple(one[1:] for one in every if one.startswith(AT)), tuple(one for one in every if not one.startswith(AT))


def blocks_of(place: TargetList) -> RoleBlocks:
    """The role blocks of a list as it stands."""
    return recipients_file.parse(place.text, place.name).roles


def refuse_broken(places: Iterable[TargetList], roster: Callable[[], Roster], *, removed: Iterable[str] = ()) -> None:
    """Raise RecipientError for each block that is broken or that is of a role that nobody has, with its line.

    The roster is asked for only where there is a block at all. A block of `removed` (`@ROLE`) may be of any role.
    """
    going, _ = named_roles(removed)
    errors: list[EyamlgpgError] = []
    for place in places:
        roles = blocks_of(place)
        where = place.above or place.name
        errors += [RecipientError(f"{where}:{one.line}: {one.reason}", "mend the line by hand") for one in roles.broken]
        errors += [
            _unknown(block.role, f"{where}:{block.start}: ", roster()) for block in _unknown_in(roles, roster, going)
        ]
    raise_all(errors)


def require_known(roles: Iterable[str], roster: Roster) -> list[RecipientError]:
    """An error for each role that nobody has."""
    return [_unknown(role, "", roster) for role in roles if role not in roster.roles]


def pinned_holders(role: str, roster: Roster, today: date) -> tuple[Pinned, ...]:
    """Whoever has a role today, as the lines of a block have them."""
    return tuple(Pinned(holder.fingerprint, holder.name) for holder in roster.holders(role, today))


def synced(text: str, roles: RoleBlocks, roster: Roster, today: date) -> str:
    """The text of a list with every block as the roster has it; the block of a role that nobody has goes."""
    for block in roles.blocks:
        if block.role in roster.roles:
            text = role_edits.rewrite(text, block.role, pinned_holders(block.role, roster, today))
        else:
            text = role_edits.drop(text, block.role)
    return text


def plan_sync(
    places: Sequence[TargetList], roster: Roster, resolver: Resolver, *, reencrypt: bool
) -> tuple[ListChange, ...]:
    """A change for each list with a block, due or not: the values of those that are in line may be behind."""
    changes: list[ListChange] = []
    errors: list[EyamlgpgError] = []
    for place in places:
        roles = blocks_of(place)
        if roles.blocks:
            try:
                changes.append(compared(place, synced(place.text, roles, roster, resolver.now.date()), resolver))
            except RecipientError as error:
                errors.append(error)
    refuse(errors, [reader for change in changes for reader in change.readers] if reencrypt else ())
    return tuple(changes)


def compared(place: TargetList, text: str, resolver: Resolver, notes: tuple[str, ...] = ()) -> ListChange:
    """A list with a new text: who comes and who goes. RecipientError for one that would be left without a reader."""
    before = read_lines(place.text, place.name, resolver)
    after = read_lines(text, place.name, resolver)
    if not after:
        raise left_without_reader(place)
    old, new = {_identity(line) for line in before}, {_identity(line) for line in after}
    coming = [line.resolution for line in after if _identity(line) not in old and isinstance(line.resolution, Resolved)]
    going = {_identity(line): line for line in before if _identity(line) not in new}
    return ListChange(
        place,
        text,
        resolutions(after),
        added=tuple({one.subkey.fingerprint: one for one in coming}.values()),
        removed=tuple(going.values()),
        questions=lockout(resolutions(before), resolutions(after), place.name),
        notes=notes,
    )


def left_without_reader(place: TargetList) -> RecipientError:
    """The error about a list that nobody would stand in any more."""
    return RecipientError(
        f"{place.name}: would be left without any recipient",
        f"add somebody first: {adding(place.name)}",
        f"or, for the {RECIPIENTS_FILE} above to govern its folder again, delete the file and run eyamlgpg recrypt "
        f"{argument(str(PurePath(place.name).parent))}",
    )


def how_to_take_out(line: ListedPerson) -> RecipientError:
    """The error about somebody whom a role puts into a list, and whom no command on the list takes out."""
    return _inside(
        line,
        f"to take them out of everything: eyamlgpg offboard {_shown(line)}",
        f"to take the role from them: change their roles in .eyamlgpg/people.yaml, then: {SYNC}",
    )


def is_written_by_sync(line: ListedPerson) -> RecipientError:
    """The error about a line of a block that is to be written otherwise."""
    return _inside(line, f"the lines of a block are written by: {SYNC}")


def others_blocks(place: TargetList, removed: Iterable[ListedPerson]) -> Iterator[RecipientError]:
    """An error for each block whose people a list of others alone would take out."""
    for block in dict.fromkeys(line.entry.block for line in removed if line.entry.block is not None):
        yield RecipientError(
            f"{place.name}:{block.start}: --only does not take out the block of the role {block.role}",
            f"take it out first: eyamlgpg recipients remove {AT}{block.role} --at DIR",
        )


def by_a_role(place: TargetList, people: Iterable[Resolved], roster: Roster, today: date) -> Iterator[RecipientError]:
    """An error for each newcomer whose role has a block in the list, which names them as soon as it is synced."""
    for block in blocks_of(place).blocks:
        holders = {holder.fingerprint for holder in roster.holders(block.role, today)}
        for one in people:
            if one.key.fingerprint in holders:
                sentence = (
                    f"{place.name}:{block.start}: {one.key.user_id} has the role {block.role}, whose block this is"
                )
                yield RecipientError(sentence, f"write the block anew: {SYNC}")


def _identity(line: ListedPerson) -> str:
    if isinstance(line.resolution, Resolved):
        return line.resolution.subkey.fingerprint
    return identity(line.entry.recipient.name)


def _inside(line: ListedPerson, *hints: str) -> RecipientError:
    role = line.entry.block.role if line.entry.block else ""
    return RecipientError(f"{line.entry.recipient.where}: {line.person} stands there by the role {role}", *hints)


def _shown(line: ListedPerson) -> str:
    return line.keys[0].fingerprint if line.keys else line.entry.recipient.shown


def _unknown_in(roles: RoleBlocks, roster: Callable[[], Roster], going: Sequence[str]) -> Iterator[RoleBlock]:
    return (block for block in roles.blocks if block.role not in going and block.role not in roster().roles)


def _unknown(role: str, where: str, roster: Roster) -> RecipientError:
    sentence, hints = roster.unknown_role(role)
    gone = (f"or take the block out: eyamlgpg recipients remove {AT}{role}",) if where else ()
    return RecipientError(f"{where}{sentence}", *hints, *gone)
