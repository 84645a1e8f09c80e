"""Each rule on a file's format: what Puppet would trip over."""

from base64 import b64encode

import pytest

from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY, message, token

B64 = b64encode(message("0123456789ABCDEF")).decode()
HALF = len(B64) // 2


def told(text: str) -> list[tuple[object, ...]]:
    findings = file_format.find(Subject.read("a.eyaml", text))
    return [(finding.rule, finding.line, finding.column, finding.key) for finding in findings]


def test_a_sound_file_has_no_finding() -> None:
    pkcs7 = f"ENC[PKCS7,{b64encode(b'0' * 30).decode()}]"
    folded = f">\n  ENC[GPG,{B64[:HALF]}\n  {B64[HALF:]}]"
    assert told(f"# see ENC[the docs]\na: {ANY}\nb: {folded}\nc: {pkcs7}\nd: say ENC[x] twice\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [\n", [("format-invalid-yaml", 2, None, None)]),
        ("a: 1\nb: 2\na: 3\n", [("format-duplicate-key", 3, 1, "a")]),
        ("\ufeffa: 1\n", [("format-byte-order-mark", 1, 1, None)]),
        (f"a: ENC[GPG,{B64}\n", [("format-unterminated", 1, 4, "a")]),
        ("a: ENC[GPG,%&/]\n", [("format-unterminated", 1, 4, "a")]),
        (f"{ANY}: admin\n", [("format-misplaced", 1, 1, "‹hidden›")]),
        (f"a: 1\n---\nb: {ANY}\n", [("format-misplaced", 3, 4, "b")]),
        (f"a: {token('0123456789ABCDEF', scheme='PGP')}\n", [("format-unknown-scheme", 1, 4, "a")]),
        (f"a: ENC[{B64}]\n", [("format-unknown-scheme", 1, 4, "a")]),
        (f"a: {token('0123456789ABCDEF', protected=False)}\n", [("format-no-integrity", 1, 4, "a")]),
        ("a: ENC[GPG,aGVsbG8gd29ybGQh]\n", [("format-not-openpgp", 1, 4, "a")]),
        (f"a: |\n  ENC[GPG,{B64[:HALF]}\n  {B64[HALF:]}]\n", [("format-ciphertext-for-puppet", 2, 3, "a")]),
        (f"a: >\n  ENC[GPG,{B64[:HALF]}\n   {B64[HALF:]}]\n", [("format-ciphertext-for-puppet", 2, 3, "a")]),
        (f'a: "ENC[GPG,{B64[:HALF]}\t{B64[HALF:]}]"\n', [("format-ciphertext-for-puppet", 1, 5, "a")]),
        (f"a: {token('0123456789ABCDEF', scheme='PKCS7')}\n", [("format-unknown-scheme", 1, 4, "a")]),
        (f"a: ENC[GPG{B64}]\n", [("format-unknown-scheme", 1, 4, "a")]),
        ("a: ENC[GPG]\n", [("format-unknown-scheme", 1, 4, "a")]),
        (f'a: "EN\\x43[GPG,{B64}]"\n', [("format-disguised", 1, 4, "a")]),
    ],
)
def test_each_fault_is_told_with_its_place(text: str, expected: list[tuple[object, ...]]) -> None:
    assert told(text) == expected


def test_damaged_base64_is_told_though_ruby_reads_on() -> None:
    assert told(f"a: ENC[GPG,{B64[:-3]}]\n") == [("format-broken-base64", 1, 4, "a")]


def test_a_value_in_a_comment_is_neither_misplaced_nor_unterminated() -> None:
    assert told(f"# {ANY}\n# ENC[GPG,{B64}\na: 1\n") == []


@pytest.mark.parametrize(
    ("scheme", "named"), [("VAULT", "the encryption method VAULT"), ("Kirsch9", "an encryption method")]
)
def test_only_what_looks_like_a_methods_name_is_printed_as_one(scheme: str, named: str) -> None:
    [finding] = file_format.find(Subject.read("a.eyaml", f"a: ENC[{scheme},AAAA]\n"))
    assert finding.message == f"{named} is not known to Puppet"


def test_the_name_of_an_alias_is_not_printed() -> None:
    [finding] = file_format.find(Subject.read("a.eyaml", "a::password: *Kirsch9kuchen\n"))
    assert "Kirsch9" not in str(finding)


def test_a_method_is_named_only_where_it_is_one_of_a_plugin() -> None:
    found = file_format.find(Subject.read("a.yaml", "a: ENC[VAULT,YWJj]\nb: ENC[GEHEIM7X,YWJj]\n"))
    assert [finding.message for finding in found] == [
        "the encryption method VAULT is not known to Puppet",
        "an encryption method is not known to Puppet",
    ]
