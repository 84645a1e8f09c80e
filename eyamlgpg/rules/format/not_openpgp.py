"""A GPG value that holds no encrypted OpenPGP message."""

from collections.abc import Iterator

from eyamlgpg.errors import FormatError
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.format.broken_base64 import is_broken
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-not-openpgp",
    severity=Severity.ERROR,
    title="a GPG value holds no whole OpenPGP message",
    why="What the base64 stands for is not an encrypted OpenPGP message, or one that is cut short. Nobody can "
    "decrypt it; Puppet fails on the lookup. Only packet headers are read, no key is needed.",
    example="profile::db::password: ENC[GPG,aGVsbG8gd29ybGQ=]\n",
    mend="If it is plain base64 of the secret, it stands there in clear text: change the secret. Set the value anew "
    "with `eyamlgpg set FILE KEY -p`, or take it from an older version of the file.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each GPG value that does not read as a message; damaged base64 is told by a rule of its own."""
    for value, message in subject.messages:
        if isinstance(message, FormatError) and not is_broken(value.token.payload):
            place = subject.place_of(value)
            hint = "\n".join((*message.hints, f"set it anew: {place.setting} -p"))
            yield RULE.finding(place, f"nobody can decrypt this value: {message.sentence}", hint)
