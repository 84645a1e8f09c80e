"""The rules on who can read a value, from its ciphertext, and on a recipients file as a whole."""

from collections.abc import Iterator

from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.governed import Governed
from eyamlgpg.rules.access import few_people, hidden, missing, no_puppetmaster, passphrase, stale, unexpected, unknown
from eyamlgpg.rules.kinds import Access, AccessRule, ReadersRule
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.recipients import weak

BY_MESSAGE = (
    AccessRule(missing.RULE, missing.find),
    AccessRule(unexpected.RULE, unexpected.find),
    AccessRule(stale.RULE, stale.find),
    AccessRule(unknown.RULE, unknown.find),
    AccessRule(hidden.RULE, hidden.find),
    AccessRule(passphrase.RULE, passphrase.find),
)
BY_LIST = (
    ReadersRule(no_puppetmaster.RULE, no_puppetmaster.find),
    ReadersRule(few_people.RULE, few_people.find),
)
WEAK = ReadersRule(weak.RULE, weak.find)


def find(subject: Subject, readers: Governed) -> Iterator[Finding]:
    """What is wrong with the readers of each value; messages that cannot be read are the format rules' concern."""
    for value, message in subject.messages:
        if not isinstance(message, Message):
            continue
        drift = readers.audience.drift(message.key_ids)
        if drift.is_clean and not message.symmetric:
            continue
        place, access = subject.place_of(value), Access(message, drift)
        for rule in BY_MESSAGE:
            finding = rule.find(place, access, readers)
            if finding is not None:
                yield finding


def find_in_recipients(readers: Governed) -> Iterator[Finding]:
    """What is wrong with the readers that a recipients file names, taken together."""
    for rule in (*BY_LIST, WEAK):
        yield from rule.find(readers)
