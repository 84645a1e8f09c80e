"""The rules on the format of a file, in the order of their severity to Puppet."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding
from eyamlgpg.rules import (
    format_broken_base64,
    format_byte_order_mark,
    format_ciphertext_for_puppet,
    format_disguised,
    format_duplicate_key,
    format_invalid_yaml,
    format_misplaced,
    format_no_integrity,
    format_not_openpgp,
    format_unknown_scheme,
    format_unterminated,
)
from eyamlgpg.rules.subject import Subject

FINDERS = (
    format_byte_order_mark,
    format_invalid_yaml,
    format_duplicate_key,
    format_unterminated,
    format_misplaced,
    format_unknown_scheme,
    format_broken_base64,
    format_not_openpgp,
    format_no_integrity,
    format_ciphertext_for_puppet,
    format_disguised,
)


def find(subject: Subject) -> Iterator[Finding]:
    """What is wrong with a file's format."""
    for rule in FINDERS:
        yield from rule.find(subject)
