"""`rotation`: which values a person could ever read, and which of them still hold what they could read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.model.history import Commit
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.rotation import Person, Worklist
from eyamlgpg.operations.ports import Decrypter, Keyring
from eyamlgpg.operations.readers.due import Judge, is_hidden
from eyamlgpg.operations.readers.followed import follow
from eyamlgpg.operations.readers.opened import open_wanted
from eyamlgpg.operations.readers.person import find_person
from eyamlgpg.operations.readers.plaintexts import Plaintexts
from eyamlgpg.operations.readers.standings import Followed
from eyamlgpg.operations.readers.whole_past import History, WholePast


@dataclass(frozen=True, slots=True)
class RotationRequest:
    """Whose worklist is asked for."""

    name: str
    """A fingerprint, key ID, address or user ID."""
    run_key: bytes
    """Random; plaintexts are compared by hashes under this key, which is made for one run."""
    since: str | None = None
    """A revision: what could be read only before it does not count."""
    default: Method | None = None
    """The method of values that name none."""
    own: frozenset[KeyId] = frozenset()
    """The key IDs whose secret keys are at hand."""
    person: Person | None = None
    """Whom the name means, where that is known already."""


@dataclass(frozen=True, slots=True)
class RotationPorts:
    """The world of a worklist."""

    history: History
    keyring: Keyring
    decrypter: Decrypter


def worklist(request: RotationRequest, ports: RotationPorts) -> Worklist:
    """The worklist of one person; raises RecipientError for a name that means nobody."""
    since = None if request.since is None else ports.history.resolve(request.since)
    read = WholePast(ports.history, request.default)
    person = request.person or find_person(request.name, ports.keyring.keys(), read.stored_keys)
    messages = read.messages
    could_open = frozenset(one.packet for one in messages if not person.key_ids.isdisjoint(one.key_ids))
    hidden = frozenset(one.packet for one in messages if is_hidden(one.key_ids)) - could_open
    older = frozenset() if since is None else _ancestors(ports.history.commits, since)
    texts = Plaintexts(messages, request.own, request.run_key)
    knowable = could_open | hidden
    failures: dict[str, int] = {}
    texts.want(knowable)  # whoever follows a value asks for all of these
    wanted = texts.take_wanted()
    while True:
        if wanted:
            open_wanted(wanted, read.contents, ports.decrypter, texts, failures)
        followed = follow(read.past, knowable, texts, since)
        wanted = texts.take_wanted()
        if not wanted:
            judge = Judge(person, read.past.commits, followed, texts, could_open, hidden, older)
            values = tuple(judge.worklist())
            wanted = texts.take_wanted()
            if not wanted:
                break
            del judge
        del followed  # what was followed with less known is as large as the history, and is not needed beside the next
    return Worklist(
        person,
        values,
        gaps=(*ports.history.gaps, *read.gaps, *_damaged(followed)),
        warnings=tuple(f"{count:,} messages could not be opened: {why}" for why, count in failures.items()),
    )


def _ancestors(commits: Sequence[Commit], number: int) -> frozenset[int]:
    """A commit and all before it."""
    seen, ahead = {number}, [number]
    while ahead:
        for parent in commits[ahead.pop()].parents:
            if parent not in seen:
                seen.add(parent)
                ahead.append(parent)
    return frozenset(seen)


def _damaged(followed: Followed) -> Iterator[str]:
    damaged = {
        one.message: one for standings in followed.by_place.values() for one in standings if one.message.is_damaged
    }
    if damaged:
        one = next(iter(damaged.values()))
        yield (
            f"{len(damaged):,} values are not whole OpenPGP messages, so nobody can tell who could read them, as"
            f" {one.place.key or 'one'} in {one.place.path}"
        )
