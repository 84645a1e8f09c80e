"""Which lines of which lists an ID means, and what to say where it means none, or several people."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.model.claimed_names import without_claims
from eyamlgpg.model.keys import UserId, Validity
from eyamlgpg.model.matching import Form, Found, Identifier, KeyNames, folded
from eyamlgpg.model.showable_names import is_plausible
from eyamlgpg.model.suggestions import did_you_mean
from eyamlgpg.operations.recipients.change import (
    ListedPerson,
)
from eyamlgpg.operations.recipients.target import TargetList

LOOSE = (Form.PART, Form.SHORT_KEY_ID)
"""Ways of naming somebody that may mean somebody else."""

MOST_LISTS = 3
"""Lists that are named one by one, where somebody is looked for in all of a tree."""


@dataclass(frozen=True, slots=True)
class StandingList:
    """A file with its recipients."""

    place: TargetList
    lines: tuple[ListedPerson, ...]


def meant_lines(name: str, standing: StandingList, names: KeyNames) -> list[ListedPerson]:
    """The lines of a file that an ID means, several where a key stands there twice or an address has two keys."""
    found = names.find(name)
    return [
        line
        for line in standing.lines
        if identity(line.entry.recipient.name) == identity(name) or _is_key(line, found) or _is_comment(line, name)
    ]


def _is_key(line: ListedPerson, found: Found) -> bool:
    """Whether the line means a key that was found and no other; with a `!` only a line that has one, too."""
    forced = {match.forced.fingerprint for match in found.matches if match.forced is not None}
    if forced:
        identifier = Identifier.read(line.entry.recipient.name)
        if identifier is None or not identifier.exact:
            return False
        return any(part.startswith(identifier.digits) or part.endswith(identifier.digits) for part in forced)
    wanted = {match.key.fingerprint for match in without_claims(found.matches)}
    meant = {key.fingerprint for key in line.keys}
    return bool(meant) and meant <= wanted


def _is_comment(line: ListedPerson, name: str) -> bool:
    """Whether a line whose key is not here stands under this name or address."""
    comment = line.entry.comment
    if line.keys or not comment:
        return False
    email = UserId(comment, Validity.UNKNOWN).email or comment
    return folded(name.strip()) in (folded(comment), folded(email), folded(f"<{email}>"))


def key_of(line: ListedPerson) -> str:
    """The same for two lines that mean the same key."""
    return line.keys[0].fingerprint if line.keys else identity(line.entry.recipient.name)


def _shown(line: ListedPerson) -> str:
    return line.keys[0].fingerprint if line.keys else line.entry.recipient.shown


def not_listed(name: str, standings: Sequence[StandingList], more: Sequence[str] = ()) -> RecipientError:
    """The error for an ID that no line means; `more`: what helps beside the usual."""
    where = standings[0].place.name if len(standings) == 1 else f"{len(standings)} recipients files"
    known = [known for standing in standings for line in standing.lines for known in _known_as(line)]
    hints = did_you_mean(name, known)
    return RecipientError(f"{where}: {name}: is not among the recipients", *more, *hints, *_who_is([*standings]))


def _who_is(standings: Sequence[StandingList]) -> Iterable[str]:
    """The commands that show who stands in the lists; a list that the configuration names is shown everywhere."""
    for one in standings[:MOST_LISTS]:
        folder = "." if one.place.folder is None else str(PurePath(one.place.name).parent)
        where = "" if folder == "." else f" {shlex.quote(folder)}"
        yield f"who is: eyamlgpg recipients list{where}"
    if len(standings) > MOST_LISTS:
        yield f"and so on for {len(standings) - MOST_LISTS:,} more"


def _known_as(line: ListedPerson) -> Iterable[str]:
    yield line.entry.recipient.shown
    for key in line.keys:
        for user_id in key.user_ids:
            yield user_id.email or user_id.text
    if line.entry.comment and not line.keys and is_plausible(line.entry.comment):
        yield UserId(line.entry.comment, Validity.UNKNOWN).email or line.entry.comment


def ambiguous(name: str, lines: Sequence[ListedPerson]) -> RecipientError:
    """The error for an ID that may mean several people of the lists."""
    return RecipientError(
        f"{name}: may mean {len({key_of(line) for line in lines})} of the recipients",
        *dict.fromkeys(f"{line.entry.recipient.where}: {line.person}, {_shown(line)}" for line in lines),
        "write the address or the fingerprint of the one that is meant",
    )
