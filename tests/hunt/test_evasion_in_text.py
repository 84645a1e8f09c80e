"""Ways to get a plaintext secret past `check` within one YAML file, each with what comes of it.

A row that changes is a rule that changed: mend the rule, or the row and the table in docs/security.md.
"""

from base64 import b64encode
from itertools import pairwise

import pytest

from eyamlgpg.model.findings import Severity
from eyamlgpg.operations.check.report import Terms
from tests.hunt.outcomes import BESIDE, ENCODED, FORGED, INNOCENT, LOOKED_UP, REFERENCE, Found, Outcome, Seen, Told
from tests.support.checks import LIST, READERS, RECIPIENTS, Scene, staged
from tests.support.messages import encrypted_to, message

WORD = "Kirschkuchen9"
KEY = "AKIAQYLPMN5HFIQR7XYA"
"""In the form of a provider's, and nobody's."""
PADDED = "\n" * 3 + " " * 400


def base64(content: str | bytes) -> str:
    return b64encode(content if isinstance(content, bytes) else content.encode()).decode()


ENC = encrypted_to(*READERS)
TO_READERS = message(*(reader.subkeys[0].key_id for reader in READERS))
"""Ends with 60 octets of data, which are zeros here and ciphertext in earnest."""

NAME = Found("plaintext-key-name")
FORM = Found("plaintext-provider-token")
INSIDE = Found("plaintext-assignment")
BAD_YAML = Found("format-invalid-yaml")
NO_MESSAGE = Found("format-not-openpgp")
EXCEPTED = Told("exception: plaintext-key-name")
FOREIGN = Told("exception: clear text, for other scanners")

MANY = f"a: &a [{'x,' * 9}]\n" + "".join(f"{new}: &{new} [{f'*{old},' * 9}]\n" for old, new in pairwise("abcdef"))
"""Ten thousands of nodes in a few lines."""

YAML: dict[str, tuple[str, Outcome]] = {
    "an alias of an innocent anchor": (f"h::list:\n  - &it {WORD}\ndb::password: *it\n", NAME),
    "an anchor on the secret itself": (f"a: &it x\ndb::password: &own {WORD}\n", NAME),
    "a merge key": (f"h::people: &it {{alice: {WORD}}}\npasswords: {{<<: *it}}\n", NAME),
    "a merge key of a list": (f"h::people: &it {{alice: {WORD}}}\npasswords: {{<<: [*it]}}\n", NAME),
    "an alias behind many aliases": (f"{MANY}z: &z {WORD}\ndb::password: *z\n", NAME),
    "a tag of one's own": (f"db::password: !mine {WORD}\n", NAME),
    "a tag that makes it null": (f"db::password: !!null {WORD}\n", NAME),
    "base64 under a tag by handle": (f"%TAG !b! tag:yaml.org,2002:\n---\na::b: !b!binary {base64(KEY)}\n", FORM),
    "base64 under a verbatim tag": (f"a::b: !<tag:yaml.org,2002:binary> {base64(KEY)}\n", FORM),
    "an object of Ruby": (f"db::password: !ruby/object:String\n  str: {WORD}\n", INNOCENT),
    "a set": (f"passwords: !!set {{{WORD}}}\n", NAME),
    "an ordered map": (f"a::b: !!omap [db::password: {WORD}]\n", NAME),
    "a second document": (f"a: 1\n---\ndb::password: {WORD}\n", NAME),
    "behind an end of the document": (f"a: 1\n...\n---\ndb::password: {WORD}\n", NAME),
    "a directive of a newer YAML": (f"%YAML 1.3\n---\ndb::password: {WORD}\n", INSIDE),
    "a folded block": (f"db::password: >2-\n  {WORD}\n", NAME),
    "a value on the next line": (f"db::password:\n\n\n  {WORD}\n", NAME),
    "a flow of JSON": (f'{{"db::password":"{WORD}"}}\n', NAME),
    "escapes in a key": (f'"db::p\\x61ss\\u0077ord": {WORD}\n', NAME),
    "escapes in a value": ('db::password: "\\x4b\\u0069rsch\\\n  kuchen9"\n', NAME),
    "escapes in a token": (f'a::b: "\\x41{KEY[1:9]}\\\n  {KEY[9:]}"\n', FORM),
    "an explicit key": (f"? db::password\n: {WORD}\n", NAME),
    "a sequence as a key": (f"? [db, password]\n: {WORD}\n", NAME),
    "a mapping as a key": (f"? {{password: {WORD}}}\n: x\n", NAME),
    "a key twice, first in clear": (f"db::password: {WORD}\ndb::password: {ENC}\n", Found("format-duplicate-key")),
    "a key twice, then empty": (f"db::password: {WORD}\ndb::password:\n", NAME),
    "NEL in a comment": (f"a: 1  # x\x85db::password: {WORD}\n", NAME),
    "LS in a comment": (f"a: 1  # x\u2028db::password: {WORD}\n", NAME),
    "CR in a comment": (f"a: 1  # x\rdb::password: {WORD}\r", NAME),
    "a byte order mark": (f"\ufeffdb::password: {WORD}\n", NAME),
    "tabs": (f"db::password:\t{WORD}\t# x\n", NAME),
    "a tab that breaks the YAML": (f"db:\n\tpassword: {WORD}\n", INSIDE),
    "a control character that breaks the YAML": (f"# \x01\ndb::password: {WORD}\n", INSIDE),
    "a byte that is not UTF-8": (f"# \udcff\ndb::password: {WORD}\n", INSIDE),
    "deeper than anybody looks": (f"a: {'{a: ' * 400}{{password: {WORD}}}{'}' * 400}\n", BAD_YAML),
    "behind a megabyte on one line": (f"a: {'x' * 1_000_000}\ndb::password: {WORD}\n", NAME),
    "far to the right and far below": (f"a: 1{PADDED}\ndb::password:{PADDED}{WORD}\n", NAME),
    "in the midst of a long text": (f"a: '{'x ' * 50_000}password={WORD} {'x ' * 50_000}'\n", INSIDE),
    "a list instead of a mapping": (f"- db::password: {WORD}\n", NAME),
    "a text instead of a mapping": (f"{WORD}\n", Told("format-no-mapping")),
}
"""Tricks of YAML."""

DISGUISES: dict[str, tuple[str, Outcome]] = {
    "base64 under a telling name": (f"db::password: {base64(WORD)}\n", NAME),
    "base64": (f"a::data: {base64(KEY)}\n", ENCODED),
    "hexadecimal": (f"a::data: {KEY.encode().hex()}\n", ENCODED),
    "reversed": (f"a::data: {KEY[::-1]}\n", ENCODED),
    "two keys": (f"a::left: {KEY[:9]}\na::right: {KEY[9:]}\n", ENCODED),
    "letters of a list": (f"db::password: [{', '.join(WORD)}]\n", NAME),
    "a literal": (f"db::password: \"%{{literal('{WORD}')}}\"\n", NAME),
    "two literals": ("db::password: \"%{literal('Kirsch')}%{literal('kuchen9')}\"\n", NAME),
    "an empty interpolation in a word": ("db::password: Kirsch%{}kuchen9\n", NAME),
    "an empty interpolation in a token": (f"a::b: {KEY[:9]}%{{}}{KEY[9:]}\n", ENCODED),
    "a lookup of two keys": (
        "db::password: \"%{lookup('a::left')}%{lookup('a::right')}\"\na::left: Kirsch\na::right: kuchen9\n",
        LOOKED_UP,
    ),
    "an alias of another key": (f"db::password: \"%{{alias('a::data')}}\"\na::data: {WORD}\n", LOOKED_UP),
    "a key that is handed over as Sensitive": (
        f"lookup_options: {{a::data: {{convert_to: Sensitive}}}}\na::data: {WORD}\n",
        Found("plaintext-sensitive"),
    ),
    "a name that says nothing": (f"a::data: {WORD}\n", INNOCENT),
    "a letter of another script": (f"db::p\u0430ssword: {WORD}\n", INNOCENT),
    "an invisible letter": (f"db::pass\u200bword: {WORD}\n", NAME),
    "digits for letters": (f"db::p4ssw0rd: {WORD}\n", INNOCENT),
    "another language": (f"db::contrasena: {WORD}\n", INNOCENT),
    "names below a telling one": (f"db::password: {{v: {WORD}}}\n", INNOCENT),
    "a pair under other names": (f"env:\n  - {{k: DB_PASSWORD, v: {WORD}}}\n", INNOCENT),
    "a pair of items": (f"env:\n  - DB_PASSWORD\n  - {WORD}\n", INNOCENT),
    "a comment": (f"# db::password: {WORD}\na: 1\n", BESIDE),
    "a token in a comment": (f"# {KEY}\na: 1\n", BESIDE),
    "a key": (f"passwords:\n  {WORD}: alice\n", BESIDE),
    "an anchor of something else": (f"a: &{WORD} x\n", BESIDE),
    "a tag of nothing": (f"db::password: !{WORD}\n", NAME),
    "a reference to a vault": (f"db::password: vault:secret/{WORD}#x\n", REFERENCE),
    "a default of a variable": (f"db::password: ${{DB_PASSWORD:-{WORD}}}\n", REFERENCE),
    "a default of a template": (f"db::password: \"{{{{ p | default('{WORD}') }}}}\"\n", REFERENCE),
    "a call that waits": (f"db::password: Deferred('{WORD}')\n", NAME),
    "an address": (f"db::password: https://example.com/{WORD}\n", REFERENCE),
    "another tool's ciphertext": (
        f"db::password: ENC[AES256_GCM,data:{base64(WORD)},iv:x,tag:y,type:str]\n",
        REFERENCE,
    ),
}
"""Encodings, names, and values that look like something else."""

ENCRYPTED: dict[str, tuple[str, Outcome]] = {
    "a word beside a value": (f"db::password: {ENC} {WORD}\n", NAME),
    "a password of an address beside a value": (
        f"a::b: postgres://u:{WORD}@h/{ENC}\n",
        Found("plaintext-url-credentials"),
    ),
    "a word for a message": (f"db::password: ENC[{WORD}]\n", NAME),
    "base64 for a message": (f"db::password: ENC[GPG,{base64(WORD)}]\n", NO_MESSAGE),
    "base64 for a message of PKCS7": (f"db::password: ENC[PKCS7,{base64(WORD)}]\n", NAME),
    "base64 that begins as DER does": (f"db::password: ENC[PKCS7,{base64('0' + WORD)}]\n", NAME),
    "base64 that begins as DER does, without a method": (f"db::password: ENC[{base64('0' + WORD)}]\n", NAME),
    "base64 for PLAINTEXT": (f"db::password: ENC[PLAINTEXT,{base64(WORD)}]\n", Found("format-unknown-scheme")),
    "base64 for another plugin": (f"db::password: ENC[VAULT,{base64(WORD)}]\n", FORGED),
    "literal data for a message": (
        f"a::b: ENC[GPG,{base64(bytes([0xCB, 19, 98, 0, 0, 0, 0, 0]) + WORD.encode())}]\n",
        NO_MESSAGE,
    ),
    "something behind a message": (f"a::b: ENC[GPG,{base64(TO_READERS + WORD.encode())}]\n", NO_MESSAGE),
    "a marker packet": (f"a::b: ENC[GPG,{base64(bytes([0xCA, 13]) + WORD.encode() + TO_READERS)}]\n", NO_MESSAGE),
    "a private packet": (f"a::b: ENC[GPG,{base64(bytes([0xFC, 13]) + WORD.encode() + TO_READERS)}]\n", NO_MESSAGE),
    "a message that does not encrypt": (f"a::b: ENC[GPG,{base64(TO_READERS[:-13] + WORD.encode())}]\n", FORGED),
    "an edit marker": (f"a::b: DEC::GPG[{WORD}]!\n", Found("plaintext-edit-marker")),
    "an edit marker of another method": (f"a::b: DEC::PKCS7[{WORD}]!\n", Found("plaintext-edit-marker")),
    "an edit marker in small letters": (f"a::b: dec::gpg[{WORD}]!\n", Found("plaintext-near-marker")),
}
"""What resembles an encrypted value, or stands beside one."""

OUR = "# eyamlgpg: allow"
EXCEPTIONS: dict[str, tuple[str, Outcome]] = {
    "a comment": (f"db::password: {WORD}  {OUR} plaintext-key-name -- mine\n", EXCEPTED),
    "a comment far to the right": (f"db::password: {WORD}{' ' * 400}{OUR} plaintext-key-name -- mine\n", EXCEPTED),
    "another scanner's pragma": (f"db::password: {WORD}  # pragma: allowlist secret\n", FOREIGN),
    "two on one line": (f"db::password: {WORD}  {OUR} plaintext-key-name -- a  # gitleaks:allow\n", FOREIGN),
    "several rules": (f"db::password: {WORD}  {OUR} plaintext-key-name, plaintext-assignment -- a\n", Told("stale")),
    "on a block": (f"a::b: |  {OUR} plaintext-assignment -- a\n  password={WORD}\n", Told("plaintext-assignment")),
    "no reason": (f"db::password: {WORD}  {OUR} plaintext-key-name\n", NAME),
    "a wildcard": (f"db::password: {WORD}  {OUR} plaintext-* -- mine\n", NAME),
    "in the value": (f"db::password: '{WORD} # gitleaks:allow'\n", NAME),
    "in an edited key": (f"db::password: {WORD}\n'# gitleaks:allow': x\n", NAME),
}
"""Exceptions that a file makes for itself."""


TABLES = {"yaml": YAML, "disguise": DISGUISES, "encrypted": ENCRYPTED, "exception": EXCEPTIONS}
ROWS = {f"{table}: {name}": row for table, rows in TABLES.items() for name, row in rows.items()}


@pytest.mark.parametrize(("text", "expected"), ROWS.values(), ids=ROWS)
def test_a_secret_in_a_text(text: str, expected: Outcome) -> None:
    tree = staged({RECIPIENTS: LIST}, {RECIPIENTS: LIST, "a.yaml": text}, "a.yaml")
    report = Scene(tree, Terms(is_next_commit=True)).run()
    errors = frozenset(one.rule for one in report.findings if one.severity is Severity.ERROR)
    lesser = (f"{one.rule}: {one.message}" for one in report.findings if one.severity is not Severity.ERROR)
    excepted = (f"exception: {one.what}" for one in report.new_exceptions)
    seen = Seen(errors, (*lesser, *report.warnings, *excepted, *map(str, report.errors)))
    assert seen.holds(expected), seen
