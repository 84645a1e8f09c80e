"""An encryption method that nobody knows, or none at all."""

import re
from collections.abc import Iterator
from dataclasses import replace

from eyamlgpg.formats.eyaml.methods import PLUGINS, Method, looks_like_pkcs7, method_of
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.eyaml.values import Value
from eyamlgpg.formats.openpgp.packets import looks_like_openpgp
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="format-unknown-scheme",
    severity=Severity.ERROR,
    title="Puppet does not know how to decrypt a value",
    why="The word behind `ENC[` is neither GPG nor PKCS7 nor the method of another plugin of hiera-eyaml, so Puppet "
    "fails on the lookup. Or there is none, and the value is an OpenPGP message, or a word in prose (`see ENC[the "
    "docs]`): Puppet takes a value without a method for PKCS7, and fails as well.",
    example="profile::db::password: ENC[PGP,hQEMA…]\n",
    mend="Write `ENC[GPG,` in front of an OpenPGP message. For an eyaml plugin that eyamlgpg does not know, see "
    "that it is installed on the puppetmaster, and except the file (docs/howto/check.md).",
)

_SHOWN = PLUGINS | {"OPENPGP", "PGP"}
"""What is surely not a secret that somebody put there."""
_WORDS = re.compile(r"ENC\[([A-Za-z0-9+/=]*[ \n][A-Za-z0-9+/= \n]*)\]")
"""Letters, digits and blanks alone, one blank at the least."""
_FAILS = "Puppet takes this for a PKCS7 value, for it names no method, and fails on it"
_NO_VALUE = "where no value is meant, write it otherwise: without the square brackets"
KNOWN = frozenset({"GPG", "PKCS7"})


def find(subject: Subject) -> Iterator[Finding]:
    """Each value with an unknown method, an OpenPGP message without one, and words that Puppet takes for PKCS7."""
    if "ENC[" not in subject.text:
        return
    for value in subject.scan.values:
        said = _said(value)
        if said is not None:
            yield RULE.finding(subject.place_of(value), said, "an OpenPGP message begins with ENC[GPG,")
        elif _is_word(value.token) and value.path is not None:
            yield RULE.finding(subject.place_of(value), _FAILS, _NO_VALUE)
    for words in _WORDS.finditer(subject.text):
        token = Token(words.start(), words.end(), None, words[1])
        scalar = subject.structure.scalar_around(token.start, token.end) if subject.structure else None
        is_read = scalar is not None and scalar.path is not None and not (scalar.is_key or scalar.document)
        if is_read and _is_word(token) and not looks_like_openpgp(token.message()):
            yield RULE.finding(subject.place(token.start, scalar.path if scalar else None), _FAILS, _NO_VALUE)


def _said(value: Value) -> str | None:
    scheme = value.token.scheme
    if scheme is None:
        return _without_method(value.token)
    if scheme.upper() == "PKCS7" and looks_like_openpgp(value.token.message()):
        return "this OpenPGP message says that it is PKCS7, and Puppet fails on it"
    if scheme.upper() in KNOWN or _is_of_a_plugin(value.token):
        return None
    named = f"the encryption method {scheme}" if scheme.upper() in _SHOWN else "an encryption method"
    return f"{named} is not known to Puppet"


def _is_of_a_plugin(token: Token) -> bool:
    """Whether another plugin of hiera-eyaml reads it; what PLAINTEXT holds is in clear text."""
    return method_of(token) is Method.OTHER and (token.scheme or "").upper() != "PLAINTEXT"


def _without_method(token: Token) -> str | None:
    payload = token.payload
    if payload.upper() in KNOWN:
        return "a method stands here without anything encrypted, and Puppet fails on it"
    if looks_like_openpgp(token.message()):
        return "this OpenPGP message names no method, and Puppet takes it for PKCS7"
    if payload[:3].upper() == "GPG" and looks_like_openpgp(replace(token, base64=payload[3:]).message()):
        return "the comma behind GPG is missing, and Puppet takes the whole for PKCS7"
    return None


def _is_word(token: Token) -> bool:
    """Whether it names no method and holds no message of PKCS7: `ENC[x]`."""
    return token.scheme is None and not looks_like_pkcs7(token.message())
