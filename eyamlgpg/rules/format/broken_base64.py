"""A value whose base64 is damaged."""

from collections.abc import Iterator

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject, is_for_gpg
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-broken-base64",
    severity=Severity.ERROR,
    title="the base64 of a value is damaged",
    why="The characters between `ENC[GPG,` and `]` are not whole base64: one is missing, or a `=` stands in "
    "the middle. Ruby reads on as far as it can, so the message may decrypt, or be cut short.",
    example="profile::db::password: ENC[GPG,hQEMA=y7AcYCK21Xb]\n",
    mend="Take the value from an older version of the file (`git log -p -- FILE`), or set it anew. If it still "
    "decrypts, `eyamlgpg recrypt --all FILE` writes it properly.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each value whose base64 is not strict; `ENC[x]` in prose names no method and is no value to Puppet's users."""
    for value in subject.scan.values:
        if value.token.scheme is None and not is_for_gpg(value):
            continue
        if is_broken(value.token.payload):
            yield RULE.finding(
                subject.place_of(value),
                "the base64 of this value is damaged: a character is missing, or one is too many",
                f"take it from an older version: git log -p -- {subject.argument}",
            )


def is_broken(payload: str) -> bool:
    """Whether base64 without white space is not what a strict reader takes."""
    body = payload.rstrip("=")
    return "=" in body or len(payload) % 4 != 0 or len(payload) - len(body) > 2
