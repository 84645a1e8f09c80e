"""Whom a name means where somebody leaves: their key may be gone from everywhere but the files that name it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from eyamlgpg.errors import FormatError, RecipientError
from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.formats.openpgp.certificate import parse_one
from eyamlgpg.model.keys import Fingerprint, KeyId, UserId, Validity
from eyamlgpg.model.matching import Form, Identifier, folded
from eyamlgpg.model.people import Member, Roster
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.model.rotation import Person
from eyamlgpg.operations.readers.person import find_person
from eyamlgpg.operations.recipients.change import ListedPerson
from eyamlgpg.operations.recipients.meant import StandingList, key_of, meant_lines


def whom(
    name: str, roster: Roster, stored: Sequence[bytes], standings: Sequence[StandingList], resolver: Resolver
) -> Person:
    """Whom a name means: a puppetmaster or person of the files by their name there, else by keys, else by comments."""
    called = [one for one in roster.members if _is_called(one, name)]
    if any(one in roster.masters for one in called):
        called = [one for one in called if one in roster.masters]
    people = [_named(one.fingerprint, one.name, stored, resolver) for one in called]
    if not any(one in roster.masters for one in called):
        people += [
            _named(key_of(line), line.person, stored, resolver)
            for standing in standings
            for line in meant_lines(name, standing, resolver.names)
            if not line.keys and _is_full(line.entry.recipient.name)
        ]
        try:
            found = find_person(name, resolver.keys, _of_nobody_here(stored, resolver))
            people[:0] = [_named(one, found.user_id, stored, resolver) for one in found.fingerprints] or [found]
        except RecipientError:
            if not people:
                raise
    identifier = Identifier.read(name)
    if identifier is not None and identifier.form is Form.FINGERPRINT and not people[0].fingerprints:
        people[0] = _named(identifier.digits, people[0].user_id, stored, resolver)
    fingerprints = tuple(dict.fromkeys(one for person in people for one in person.fingerprints))
    return Person(fingerprints, people[0].user_id, frozenset().union(*(person.key_ids for person in people)))


def _of_nobody_here(stored: Sequence[bytes], resolver: Resolver) -> Iterator[bytes]:
    """The stored keys that the keyring does not have.

    Anybody who may push can write somebody else's name on a copy of a key; of a key that is here, gpg knows the names.
    """
    here = {key.fingerprint for key in resolver.keys}
    for content in stored:
        with suppress(FormatError):
            if parse_one(content).fingerprint not in here:
                yield content


def _named(fingerprint: str, name: str, stored: Sequence[bytes], resolver: Resolver) -> Person:
    found = find_person(fingerprint, resolver.keys, stored)
    if found.fingerprints:
        return found
    return Person((Fingerprint(fingerprint),), name, frozenset([KeyId(fingerprint[-16:])]))


def _is_full(name: str) -> bool:
    identifier = Identifier.read(name)
    return identifier is not None and identifier.form is Form.FINGERPRINT


def _is_called(member: Member, name: str) -> bool:
    address = UserId(member.name, Validity.UNKNOWN).email or member.name
    wanted = folded(name.strip().removeprefix("<").removesuffix(">"))
    return wanted in (folded(member.name), folded(address)) or identity(name) == member.fingerprint


def means(line: ListedPerson, person: Person, name: str) -> bool:
    """Whether a line means the leaver: by the keys that it means, by what it writes, or by the comment above it."""
    if line.keys:
        return {key.fingerprint for key in line.keys} <= set(person.fingerprints)
    written = identity(line.entry.recipient.name).removesuffix("!")
    if written in person.fingerprints or written[-16:] in person.key_ids:
        return True
    address = UserId(person.user_id, Validity.UNKNOWN).email
    said = [line.entry.recipient.name, line.entry.comment or ""]
    names = {folded(one) for one in (name, person.user_id, address) if one}
    with_addresses = [*said, *(UserId(one, Validity.UNKNOWN).email or "" for one in said)]
    return any(folded(one) in names for one in with_addresses if one)
