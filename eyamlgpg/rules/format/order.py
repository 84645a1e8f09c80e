"""The rules on the format of a file, in the order of their severity to Puppet."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding
from eyamlgpg.rules.format import (
    broken_base64,
    byte_order_mark,
    ciphertext_for_puppet,
    disguised,
    duplicate_key,
    invalid_yaml,
    misplaced,
    no_integrity,
    not_openpgp,
    unknown_scheme,
    unterminated,
)
from eyamlgpg.rules.reading.subject import Subject

FINDERS = (
    byte_order_mark,
    invalid_yaml,
    duplicate_key,
    unterminated,
    misplaced,
    unknown_scheme,
    broken_base64,
    not_openpgp,
    no_integrity,
    ciphertext_for_puppet,
    disguised,
)


def find(subject: Subject) -> Iterator[Finding]:
    """What is wrong with a file's format."""
    for rule in FINDERS:
        yield from rule.find(subject)
