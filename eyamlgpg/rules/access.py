"""The rules on who can read a value, from its ciphertext, and on a recipients file as a whole."""

from collections.abc import Iterator

from eyamlgpg.formats.packets import Message
from eyamlgpg.model.findings import Finding
from eyamlgpg.rules import (
    access_few_people,
    access_hidden,
    access_missing,
    access_no_puppetmaster,
    access_passphrase,
    access_stale,
    access_unexpected,
    access_unknown,
    recipient_weak,
)
from eyamlgpg.rules.readers import Readers
from eyamlgpg.rules.subject import Subject

BY_DRIFT = (access_missing, access_unexpected, access_stale, access_unknown, access_hidden)


def find(subject: Subject, readers: Readers) -> Iterator[Finding]:
    """What is wrong with the readers of each value; messages that cannot be read are the format rules' concern."""
    for value, message in subject.messages:
        if not isinstance(message, Message):
            continue
        drift = readers.audience.drift(message.key_ids)
        if drift.is_clean and not message.symmetric:
            continue
        place = subject.place_of(value)
        found = [access_passphrase.find(place, message), *(rule.find(place, drift, readers) for rule in BY_DRIFT)]
        yield from (finding for finding in found if finding is not None)


def find_in_recipients(readers: Readers) -> Iterator[Finding]:
    """What is wrong with the readers that a recipients file names, taken together."""
    for finding in (access_few_people.find(readers), access_no_puppetmaster.find(readers)):
        if finding is not None:
            yield finding
    yield from recipient_weak.find(readers)
