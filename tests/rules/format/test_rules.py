"""Each rule on a file's format: what Puppet would trip over."""

from base64 import b64encode

import pytest

from eyamlgpg.formats.eyaml.conflict_marks import comment
from eyamlgpg.formats.text import decode
from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY, message, token

B64 = b64encode(message("0123456789ABCDEF")).decode()
HALF = len(B64) // 2
MARKS = comment("a", ANY, indent="", newline="\n", width=7)


def told(text: str) -> list[tuple[object, ...]]:
    findings = file_format.find(Subject.read("a.eyaml", text))
    return [(finding.rule, finding.line, finding.column, finding.key) for finding in findings]


def test_a_sound_file_has_no_finding() -> None:
    pkcs7 = f"ENC[PKCS7,{b64encode(b'0' * 30).decode()}]"
    folded = f">\n  ENC[GPG,{B64[:HALF]}\n  {B64[HALF:]}]"
    assert told(f"# see ENC[the docs]\na: {ANY}\nb: {folded}\nc: {pkcs7}\nd: say ENC [x] twice\n") == []


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
        (f"? ['{ANY}']\n: admin\n", [("format-misplaced", 1, 5, None)]),
        (f"? {{a: '{ANY}'}}\n: admin\n", [("format-misplaced", 1, 8, None)]),
        (f"? [a, b]\n: {ANY}\n", []),
        (f"? {{a: b}}\n: ['{ANY}', {{c: '{ANY}'}}]\n", []),
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
        ("a: see ENC[x]\n", [("format-unknown-scheme", 1, 8, "a")]),
        ('a: "see ENC[the docs]"\n', [("format-unknown-scheme", 1, 9, "a")]),
        (f"a: {ANY} and ENC[the docs]\n", [("format-unknown-scheme", 1, len(ANY) + 9, "a")]),
        ("# ENC[x], ENC[the docs]\na: 1\n", []),
        (f'a: "ENC[ GPG,{B64}]"\n', [("format-ciphertext-for-puppet", 1, 5, "a")]),
        (f'a: "ENC[GPG ,{B64}]"\n', [("format-ciphertext-for-puppet", 1, 5, "a")]),
        (f"# ENC[ GPG,{B64}]\na: 1\n", []),
        ("- a: 1\n- b: 2\n", [("format-no-mapping", 1, None, None)]),
        ("# text\n\njust a text\n", [("format-no-mapping", 3, None, None)]),
        *((text, []) for text in ("", "# nothing\n", "---\n", "--- {}\n", "~\n", "a: 1\n---\n- b\n")),
        (f"# a: >\n#   ENC[GPG,{B64[:HALF]}\n#   {B64[HALF:]}]\nb: 1\n", [("format-commented-block", 2, None, None)]),
        (f"#ENC[GPG,{B64[:9]}\r\n #{B64[9:]}\r\n#]\r\nb: 1\r\n", [("format-commented-block", 1, None, None)]),
        (f"# ENC[GPG,{B64[:HALF]}\n# is what a value begins with!\nb: 1\n", []),
        (f"{MARKS}a: {ANY}\n", [("format-merge-conflict", 1, None, None)]),
        (f"a: 1\n  {MARKS.splitlines()[3]}\nb: 1\n", [("format-merge-conflict", 2, None, None)]),
        (f"x: 1\n{MARKS}a: {ANY}\n{MARKS}b: {ANY}\n", [("format-merge-conflict", line, None, None) for line in (2, 7)]),
        ("a: 1\n# <<<<<<< HEAD\nb: |\n  <<<<<<< HEAD\n", []),
        (
            "a: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n",
            [("format-invalid-yaml", 3, None, None), ("format-merge-conflict", 2, None, None)],
        ),
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
    ("scheme", "named"), [("PLAINTEXT", "the encryption method PLAINTEXT"), ("Kirsch9", "an encryption method")]
)
def test_only_what_looks_like_a_methods_name_is_printed_as_one(scheme: str, named: str) -> None:
    [finding] = file_format.find(Subject.read("a.eyaml", f"a: ENC[{scheme},AAAA]\n"))
    assert finding.message == f"{named} is not known to Puppet"


@pytest.mark.parametrize("scheme", ["GKMS", "KMS", "Vault", "SecretBox", "TWOFAC", "cli"])
def test_a_value_of_another_plugin_is_no_finding_but_an_openpgp_message_of_it_is(scheme: str) -> None:
    assert told(f"a: ENC[{scheme},aGVsbG8=]\n") == []
    assert told(f"a: {token('0123456789ABCDEF', scheme=scheme)}\n") == [("format-unknown-scheme", 1, 4, "a")]


def test_the_name_of_an_alias_is_not_printed() -> None:
    [finding] = file_format.find(Subject.read("a.eyaml", "a::password: *Kirsch9kuchen\n"))
    assert "Kirsch9" not in str(finding)


def test_a_method_is_named_only_where_it_is_one_of_a_plugin() -> None:
    found = file_format.find(Subject.read("a.yaml", "a: ENC[OPENPGP,YWJj]\nb: ENC[GEHEIM7X,YWJj]\n"))
    assert [finding.message for finding in found] == [
        "the encryption method OPENPGP is not known to Puppet",
        "an encryption method is not known to Puppet",
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_a_file_in_another_encoding_is_named_with_it(encoding: str) -> None:
    text = decode(f"a: {ANY}\n".encode(encoding))
    [found] = file_format.find(Subject.read("a.eyaml", text))
    assert found.rule == "format-invalid-yaml"
    assert f"written in {encoding[:6].upper()}, not in UTF-8" in found.message


@pytest.mark.parametrize("content", [b"a: caf\xe9\n", b"a: 1\n\0", b"\0" * 9 + b"a: " + b"x" * 90])
def test_what_only_holds_an_odd_byte_is_not_said_to_be_in_another_encoding(content: bytes) -> None:
    [found] = file_format.find(Subject.read("a.eyaml", decode(content)))
    assert found.rule == "format-invalid-yaml"
    assert "UTF-16" not in found.message
