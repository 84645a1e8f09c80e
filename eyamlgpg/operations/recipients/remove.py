"""`recipients remove`: people who are not to read any more."""

import shlex
from collections.abc import Callable, Iterable, Sequence

from eyamlgpg.errors import EyamlgpgError, RecipientError
from eyamlgpg.formats.eyaml import recipients_edits, role_edits
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.recipients.apply import ApplyPorts
from eyamlgpg.operations.recipients.change import (
    ChangeRequest,
    ListChange,
    ListedPerson,
    lockout,
    read_lines,
    refuse,
    resolutions,
)
from eyamlgpg.operations.recipients.folders import every_list, lists_apart
from eyamlgpg.operations.recipients.meant import LOOSE, StandingList, ambiguous, key_of, meant_lines, not_listed
from eyamlgpg.operations.recipients.roles import blocks_of, how_to_take_out, left_without_reader, named_roles
from eyamlgpg.operations.recipients.target import TargetList, standing
from eyamlgpg.operations.tree.source import RecipientsRequest

HintsOf = Callable[[str], Sequence[str]]


def no_hints(_name: str) -> tuple[str, ...]:
    """Nothing more is known of somebody whom no list names."""
    return ()


def plan_remove(
    request: ChangeRequest, places: Sequence[TargetList], resolver: Resolver, more_of: HintsOf = no_hints
) -> tuple[ListChange, ...]:
    """A change for each file in which one of them stands; raises all that is wrong, so that nothing is half done.

    Each ID must stand in one of the files at least. People are found by what is written, by the key that it means,
    whatever its state, and where the key is not on the keyring by the comment above it. `more_of` is asked what helps
    where an ID stands in none.
    """
    for candidate in places:
        require_any(candidate)
    names = resolver.names
    roles, ids = named_roles(request.ids)
    standings = [StandingList(place, read_lines(place.text, place.name, resolver)) for place in places]
    errors: list[EyamlgpgError] = [*_without_block(roles, standings)]
    gone: dict[int, list[ListedPerson]] = {
        place: [] for place, standing in enumerate(standings) if any(map(blocks_of(standing.place).of, roles))
    }
    for name in ids:
        meant = [
            (place, line) for place, standing in enumerate(standings) for line in meant_lines(name, standing, names)
        ]
        if not meant:
            errors.append(not_listed(name, standings, more_of(name)))
        elif len({key_of(line) for _, line in meant}) > 1 and names.find(name).form in LOOSE:
            errors.append(ambiguous(name, [line for _, line in meant]))
        else:
            for place, line in meant:
                gone.setdefault(place, []).append(line)
    changes: list[ListChange] = []
    for place, lines in sorted(gone.items()):
        by_role = [line for line in lines if line.entry.block is not None and line.entry.block.role not in roles]
        if by_role and len(by_role) == len(lines):
            errors += [how_to_take_out(line) for line in by_role]
            continue
        try:
            changes.append(
                _change(standings[place], [line for line in lines if line.entry.block is None], roles, resolver)
            )
        except RecipientError as error:
            errors.append(error)
    refuse(errors, [reader for change in changes for reader in change.readers] if request.reencrypt else [])
    return tuple(changes)


def require_any(place: TargetList) -> None:
    """Raise RecipientError where no list governs the folder, so that nobody stands in it."""
    if place.content is None and not place.text:
        raise RecipientError(
            f"{place.folder}: there is no {RECIPIENTS_FILE} in this folder or above it",
            "go to the folder whose recipients are meant, or name it: --at DIR",
        )


def still_listed(request: ChangeRequest, places: Iterable[TargetList], resolver: Resolver) -> tuple[str, ...]:
    """The names of the files in which one of the IDs stands, too."""
    names = resolver.names
    found = []
    for place in places:
        standing = StandingList(place, read_lines(place.text, place.name, resolver))
        if any(meant_lines(name, standing, names) for name in request.ids):
            found.append(place.name)
    return tuple(found)


def tell_of_others(request: ChangeRequest, place: TargetList, recipients: RecipientsRequest, ports: ApplyPorts) -> None:
    """Say in which other lists of the tree somebody who is removed stands, too."""
    if place.folder is None:
        return  # the configuration names one file for all
    real = ports.trees.real
    try:
        every = every_list(recipients, ports.here, ports.trees, ports.files)
    except EyamlgpgError as error:
        ports.tell.warn(f"whether they are listed elsewhere, too, is not known: {error.sentence}")
        return
    others = [other for other in every if real(other.path) != real(place.path)]
    names = still_listed(request, others, ports.resolver)
    if names:
        ports.tell.warn(f"they stay listed in {', '.join(names)}: --everywhere takes them out of all")


def tell_of_ignored(request: ChangeRequest, recipients: RecipientsRequest, ports: ApplyPorts) -> None:
    """Say which lists that git ignores govern files of the tree, and still name somebody who is removed."""
    for path in lists_apart(ports.here, ports.trees, ports.files):
        place = standing(path, path.parent, recipients.working, ports.files)
        if still_listed(request, [place], ports.resolver):
            folder = shlex.quote(short_path(path.parent, recipients.working))
            ports.tell.warn(
                f"{place.name}: is ignored by git and so left as it is, and they stay listed there: --at {folder} "
                "takes them out of it"
            )


def _change(
    before: StandingList, lines: Sequence[ListedPerson], roles: Sequence[str], resolver: Resolver
) -> ListChange:
    place = before.place
    text = recipients_edits.remove(place.text, [line.entry.recipient for line in lines])
    dropped = [role for role in roles if blocks_of(place).of(role) is not None]
    for role in dropped:
        text = role_edits.drop(text, role)
    staying = read_lines(text, place.name, resolver)
    after = resolutions(staying)
    if not after:
        raise left_without_reader(place)
    left = {key_of(line): line for line in staying if line.entry.block is not None}
    of_roles = [line for line in before.lines if line.entry.block is not None and line.entry.block.role in dropped]
    still = {key_of(line) for line in staying}
    questions = () if place.question is None else (place.question,)
    return ListChange(
        place,
        text,
        after,
        removed=tuple(dict.fromkeys((*lines, *(line for line in of_roles if key_of(line) not in still)))),
        warnings=tuple(how_to_take_out(left[key_of(line)]).sentence for line in lines if key_of(line) in left),
        notes=tuple(f"{place.name}: the block of the role {role} is taken out" for role in dropped),
        questions=(*questions, *lockout(resolutions(before.lines), after, place.name)),
        is_copy=place.above is not None,
    )


def _without_block(roles: Sequence[str], standings: Sequence[StandingList]) -> Iterable[RecipientError]:
    for role in roles:
        if not any(blocks_of(standing.place).of(role) for standing in standings):
            where = standings[0].place.name if len(standings) == 1 else f"{len(standings)} recipients files"
            known = {block.role for standing in standings for block in blocks_of(standing.place).blocks}
            hint = f"blocks are there of: {', '.join(sorted(known))}" if known else "there is no block of any role"
            yield RecipientError(f"{where}: has no block of the role {role}", hint)
