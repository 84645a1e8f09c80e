"""The rules on the format of a file, in the order of their severity to Puppet."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding
from eyamlgpg.rules.format import (
    broken_base64,
    byte_order_mark,
    ciphertext_for_puppet,
    commented_block,
    disguised,
    duplicate_key,
    invalid_yaml,
    merge_conflict,
    misplaced,
    no_integrity,
    no_mapping,
    not_openpgp,
    unknown_scheme,
    unterminated,
)
from eyamlgpg.rules.kinds import FileRule
from eyamlgpg.rules.reading.subject import Subject

BY_FILE = (
    FileRule(byte_order_mark.RULE, byte_order_mark.find),
    FileRule(invalid_yaml.RULE, invalid_yaml.find),
    FileRule(merge_conflict.RULE, merge_conflict.find),
    FileRule(no_mapping.RULE, no_mapping.find),
    FileRule(duplicate_key.RULE, duplicate_key.find),
    FileRule(commented_block.RULE, commented_block.find),
    FileRule(unterminated.RULE, unterminated.find),
    FileRule(misplaced.RULE, misplaced.find),
    FileRule(unknown_scheme.RULE, unknown_scheme.find),
    FileRule(broken_base64.RULE, broken_base64.find),
    FileRule(not_openpgp.RULE, not_openpgp.find),
    FileRule(no_integrity.RULE, no_integrity.find),
    FileRule(ciphertext_for_puppet.RULE, ciphertext_for_puppet.find),
    FileRule(disguised.RULE, disguised.find),
)


def find(subject: Subject) -> Iterator[Finding]:
    """What is wrong with a file's format."""
    for rule in BY_FILE:
        yield from rule.find(subject)
