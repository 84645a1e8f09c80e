"""A value that Puppet hands out as ciphertext."""

import re
from collections.abc import Iterator

from eyamlgpg.formats.yaml.structure import Scalar, Structure
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-ciphertext-for-puppet",
    severity=Severity.ERROR,
    title="Puppet would hand the ciphertext out",
    why="Puppet looks for `ENC[…]` on one line, without tabs. In a literal block (`|`), or in a folded block "
    "(`>`) with a blank or a further indented line inside, the token still has line breaks after YAML was "
    "read, so Puppet takes it for ordinary text: the ciphertext itself lands in the configuration, without any error. "
    "The same comes of a blank beside the method, `ENC[ GPG,`.",
    example="profile::tls::key: |\n  ENC[GPG,hQEMAy7AcYCK21XbAQf\n  9B3c…]\n",
    mend="Write `>` instead of `|`, with every line indented alike:\n\n"
    "```yaml\nprofile::tls::key: >\n  ENC[GPG,hQEMAy7AcYCK21XbAQf\n  9B3c…]\n```",
)

_ANY = re.compile(r"ENC\[[^][]*\]")
_NOT_FOR_PUPPET = re.compile(r"[\t\n\v\f\r]")
"""White space that its expression does not take, or not on one line: hiera-eyaml knows blanks alone."""


def find(subject: Subject) -> Iterator[Finding]:
    """Each value whose scalar, as Puppet has it, holds a token over several lines."""
    if subject.structure is None:
        return
    if "ENC[" in subject.text:
        yield from _blank_beside_method(subject, subject.structure)
    seen: set[int] = set()
    for value in subject.scan.values:
        scalar = subject.structure.scalar_around(value.token.start, value.token.end)
        if scalar is None or scalar.is_key or scalar.start in seen:
            continue
        seen.add(scalar.start)  # a scalar may hold thousands of values, and is looked through once
        broken = _broken_by(scalar)
        if broken is not None:
            yield RULE.finding(
                subject.place_of(value),
                f"Puppet would hand out the ciphertext: the value still has {broken} after YAML was read",
                "write > instead of |, and indent every line alike" if broken == _LINES else "take the tabs out",
            )


def _blank_beside_method(subject: Subject, structure: Structure) -> Iterator[Finding]:
    """Each `ENC[ GPG,` and `ENC[GPG ,`, which nobody takes for a value."""
    for found in _BLANK.finditer(subject.text):
        scalar = structure.scalar_around(found.start(), found.end())
        if scalar is not None and not scalar.is_key:
            message = "Puppet would hand out the ciphertext: a blank stands beside the method"
            yield RULE.finding(subject.place(found.start(), scalar.path), message, "write ENC[GPG, without blanks")


_BLANK = re.compile(r"ENC\[(?: +\w{2,20} *| *\w{2,20} +),(?=[A-Za-z0-9+/= ]{8})")
_LINES, _TABS = "line breaks", "tabs"


def _broken_by(scalar: Scalar) -> str | None:
    """What keeps Puppet from seeing a token of a value; a token ends at the first `]`, whatever stands before."""
    found = [space for token in _ANY.findall(scalar.value) for space in _NOT_FOR_PUPPET.findall(token)]
    if not found:
        return None
    return _LINES if set(found) & set("\n\r") else _TABS
