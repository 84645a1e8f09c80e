"""A value that Puppet hands out as ciphertext."""

import re
from collections.abc import Iterator

from eyamlgpg.formats.structure import Scalar
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Rule
from eyamlgpg.rules.subject import Subject

RULE = Rule(
    id="format-ciphertext-for-puppet",
    severity=Severity.ERROR,
    title="Puppet would hand the ciphertext out",
    why="Puppet looks for `ENC[…]` on one line of the value. In a literal block (`|`), or in a folded block "
    "(`>`) with a blank or a further indented line inside, the token still has line breaks after YAML was "
    "read, so Puppet takes it for ordinary text: the ciphertext itself lands in the configuration, without any error.",
    example="profile::tls::key: |\n  ENC[GPG,hQEMAy7AcYCK21XbAQf\n  9B3c…]\n",
    mend="Write `>` instead of `|`, with every line indented alike:\n\n"
    "```yaml\nprofile::tls::key: >\n  ENC[GPG,hQEMAy7AcYCK21XbAQf\n  9B3c…]\n```",
)

_PUPPET = re.compile(r"ENC\[[^\]\n]*\]")
_ANY = re.compile(r"ENC\[[^\]]*\]")


def find(subject: Subject) -> Iterator[Finding]:
    """Each value whose scalar, as Puppet has it, holds a token over several lines."""
    if subject.structure is None:
        return
    seen: set[int] = set()
    for value in subject.scan.values:
        scalar = subject.structure.scalar_around(value.token.start, value.token.end)
        if scalar is not None and scalar.start not in seen and not scalar.is_key and _is_broken(scalar):
            seen.add(scalar.start)
            yield RULE.finding(
                subject.place_of(value),
                "Puppet would hand out the ciphertext: the value still has line breaks after YAML was read",
                "write > instead of |, and indent every line alike",
            )


def _is_broken(scalar: Scalar) -> bool:
    return "\n" in scalar.value and any(not _PUPPET.fullmatch(token) for token in _ANY.findall(scalar.value))
