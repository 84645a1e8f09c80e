"""A value of PKCS7, in a repository whose policy wants none."""

from collections.abc import Iterator

from eyamlgpg.formats.eyaml.methods import Method, looks_like_pkcs7, method_of
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="access-pkcs7",
    severity=Severity.ERROR,
    title="a value of PKCS7, where the policy wants none",
    why="One private key opens every value of PKCS7, so the recipients file does not decide who can read this value. "
    "The policy of this repository says `check: {pkcs7: report}`: its values were moved to GPG. As a rule somebody ran "
    "`eyaml encrypt` or `eyaml edit` without `-n gpg`, since PKCS7 is the default method of hiera-eyaml. Without the "
    "line in the policy, values of PKCS7 are not reported.",
    example="profile::db::password: ENC[PKCS7,MIIBmQYJKoZI…]\n",
    mend="Whoever has the private key moves the value: `eyamlgpg recrypt --from pkcs7 FILE`. Anybody else who knows "
    "the secret sets it again: `eyamlgpg set FILE KEY -n gpg -p`.",
)


def find(subject: Subject) -> Iterator[Finding]:
    """Each value of PKCS7; what only claims the method, and Puppet cannot read, is told by the rules on the format."""
    for value in subject.scan.values:
        if _is_pkcs7(value.token):
            yield RULE.finding(
                subject.place_of(value),
                "this is a value of PKCS7, which the policy wants none of",
                f"move it to GPG: eyamlgpg recrypt --from pkcs7 {subject.argument}",
            )


def _is_pkcs7(token: Token) -> bool:
    return method_of(token) is Method.PKCS7 and looks_like_pkcs7(token.message())
