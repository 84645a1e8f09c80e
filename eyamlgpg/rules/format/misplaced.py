"""An encrypted value where Puppet does not decrypt it."""

from collections.abc import Iterator

from eyamlgpg.formats.yaml.complex_keys import pathless
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-misplaced",
    severity=Severity.ERROR,
    title="an encrypted value stands where Puppet does not decrypt it",
    why="Puppet decrypts values, never keys, and reads only the first document of a file. In either place the "
    "ciphertext stays ciphertext. Values in comments are no finding: they are re-encrypted with the others.",
    example="profile::users:\n  ENC[GPG,hQEMA…]: admin\n",
    mend="Let the secret be a value: turn the mapping round, or make it a list of `{name: …, role: …}`. What stands "
    "behind a second `---` belongs into the first document, or into a file of its own.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each value in a key, or behind the first document."""
    if subject.structure is None:
        return
    without_path = pathless(subject.structure)
    for value in subject.scan.values:
        scalar = subject.structure.scalar_around(value.token.start, value.token.end)
        if scalar is None:
            continue
        known = without_path.get(scalar.start)
        if scalar.is_key or (known is not None and known.is_in_key):
            message = "an encrypted value stands in a key, and Puppet does not decrypt keys"
            yield RULE.finding(subject.place_of(value), message, "let the secret be a value, not a key")
        elif scalar.document:
            message = "an encrypted value stands behind the first document, and Puppet reads no further than that"
            yield RULE.finding(subject.place_of(value), message, "move it into the first document")
