"""The rules on who can read a value, from its ciphertext, and on a recipients file as a whole."""

from collections.abc import Iterator

from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.governed import Readers
from eyamlgpg.rules.access import few_people, hidden, missing, no_puppetmaster, passphrase, stale, unexpected, unknown
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.recipients import weak

BY_DRIFT = (missing, unexpected, stale, unknown, hidden)


def find(subject: Subject, readers: Readers) -> Iterator[Finding]:
    """What is wrong with the readers of each value; messages that cannot be read are the format rules' concern."""
    for value, message in subject.messages:
        if not isinstance(message, Message):
            continue
        drift = readers.audience.drift(message.key_ids)
        if drift.is_clean and not message.symmetric:
            continue
        place = subject.place_of(value)
        found = [passphrase.find(place, message), *(rule.find(place, drift, readers) for rule in BY_DRIFT)]
        yield from (finding for finding in found if finding is not None)


def find_in_recipients(readers: Readers) -> Iterator[Finding]:
    """What is wrong with the readers that a recipients file names, taken together."""
    for finding in (few_people.find(readers), no_puppetmaster.find(readers)):
        if finding is not None:
            yield finding
    yield from weak.find(readers)
