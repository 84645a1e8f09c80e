"""What a file can cost: no text, however it was made, keeps a check busy."""

from collections.abc import Callable
from time import process_time

import pytest

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.detectors.token_forms import provider
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.catalogue import IDS
from eyamlgpg.rules.format import ciphertext_for_puppet
from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.knowledge.tree import Knowledge, collect, roots
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.reading.excerpt import excerpt
from eyamlgpg.rules.reading.subject import Subject
from tests.support.timing import growth

HOSTILE = (
    *(
        "a=",
        "a.a=",
        "a-",
        '"aa" ',
        '"aa":',
        "define('aa', ",
        "A=x ",
        "A=$(",
        "\n  A=${",
        "a::",
        "a::a",
        "<aa>x</",
        "\n  ",
        "\n  password ",
        "password: ",
        "--a b ",
    ),
    *("mysql -", "mysql -p", "ldapsearch -", "curl -", "htpasswd -b", "bbbb", "identified by ", "user a password "),
    *("\n  stats auth", "\n  [a.b] c", "snmp SHA a AES ", "\n  com2sec a b", "Authorization: Basic a-", "--user a:"),
)
"""What the expressions of plaintext-assignment begin with, and never end."""

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJmaXh0dXJlIn0.FAKEfixtureFAKEfixture"

SECONDS = 4
"""Of the processor: far more than any of these takes, and far less than what grows with the square of a length."""


@pytest.mark.parametrize(
    "text",
    [
        "a::password: '" + "%{lookup(x)}  " * 2000 + "x'\n",
        "a::password: '$pbkdf2" + "$" * 100_000 + " x'\n",
        "x: '" + "a" * 200_000 + " ://'\n",
        "x: '" + "mysql " * 50_000 + "'\n",
        "x: 1  " + "#" * 100_000 + " secret\n",
        "# eyamlgpg: allow plaintext-key-name -- demo\n" * 5000 + "a: 1\n",
        *(f"x: |\n  {part * (200_000 // len(part))} !\n" for part in HOSTILE),
        "password: aaa" + "-aaa" * 40 + "!\n",
        "x: |\n  password: a1" + "-aaa" * 45 + "!\n  b\n",
        "a: &a |\n  "
        + "a password b " * 7000
        + "\n"
        + "".join(f"k{one}: *a\npassword{one}: *a\n" for one in range(1000)),
        "a: &a {p: Kirsch9kuchen}\n" + "".join(f"k{one}: {{<<: *a, q: *a}}\n" for one in range(5000)),
        "a0: &a0 [Kirsch9, x]\n" + "".join(f"a{one}: &a{one} [*a{one - 1}, *a{one - 1}]\n" for one in range(1, 90)),
        "? '" + "ENC[GPG,hQEMAy7AcYCK21Xb] " * 4000 + "'\n: 1\n",
        "a: {" + ", ".join(f"name: N{one}, value: x1" for one in range(5000)) + "}\n",
        "a: {" + ", ".join(f"password: {{K{one}geheim}}" for one in range(5000)) + "}\n",
        "DEC::GPG[" * 20_000 + "\n" + "a: 1\n" * 5000,
        "password: \"Deferred('" + "lookup" * 30_000 + '"\n',
        "password: '" + "-----BEGIN PGP MESSAGE----- " * 10_000 + "'\n",
        "password: '" + "-----BEGIN RSA PRIVATE KEY-----" * 5_000 + "a" * 50_000 + "'\n",
        "password: '-----BEGIN " + "A " * 100_000 + "'\n",
        "password: /a" + "/a" * 100_000 + "!\n",
        "password: '" + "1.2.3.4 " * 30_000 + "x'\n",
        "lookup_options:\n"
        + "".join(f"  '^a.*{one}.*c': {{convert_to: Sensitive}}\n" for one in range(1000))
        + "".join(f"{'a' * 200}{one}: x1\n" for one in range(3000)),
        "lookup_options:\n"
        + "".join(f"  '^[ab]*{one}[ab]*c': {{convert_to: Sensitive}}\n" for one in range(1000))
        + "".join(f"{'a' * 200}{one}: x1\n" for one in range(1000)),
        "lookup_options:\n  '^(a+)+$': {convert_to: Sensitive}\n" + "a" * 60 + "!: x1\n",
        "lookup_options:\n  '^a*a*a*a*a*a*b$': {convert_to: Sensitive}\n" + "a" * 250 + ": x1\n",
        "lookup_options:\n  '^a*a*a*b$': {convert_to: Sensitive}\n" + "a" * 1000 + ": x1\n",
    ],
)
def test_a_text_that_was_made_to_be_slow_is_not(text: str) -> None:
    start = process_time()
    subject = Subject.read("a.yaml", text)
    findings = list(clear_text.find(subject, collect([subject], NamePolicy())))
    findings += file_format.find(subject)
    exceptions.apply(subject, findings, IDS)
    assert roots("a" + " " * 100_000) == frozenset()
    assert process_time() - start < SECONDS


@pytest.mark.parametrize(
    "part",
    [
        *("eyJ", "eyJ-", "eyJ=", "eyJ.", "eyJa.b", "eyJ..", "//", "// ", "///:_authToken= ", "//a/:_authToken=npm"),
        *(
            "sk-",
            "sk-aT3BlbkFJ",
            "T3BlbkFJ",
            "xoxb-1-",
            "1-",
            "1",
            "1:",
            "awskey'",
            "https://hooks.slack.com/services/Ta",
        ),
        *(
            "github_pat_",
            "npm_",
            "xapp-1-",
            "xapp-1-AAAAAAAAA-",
            "hvs.",
            "glsa_",
            "AIza",
            "dop_v1_",
            "AGE-SECRET-KEY-1",
        ),
        *("glagent-", "glpat-", "SG.a", "Ma.", "AC", "pypi-AgEIcHlwaS5vcmc", "AccountKey="),
    ],
)
def test_no_detector_of_a_provider_is_kept_busy_by_half_a_megabyte(part: str) -> None:
    text = part * (500_000 // len(part))
    start = process_time()
    provider(text + " ")
    provider(text + "!")
    assert process_time() - start < SECONDS


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"eyJeyJ eyJ.x TOKEN=x{JWT}", "JSON Web Token"),
        (f"a.eyJ.{JWT}", "JSON Web Token"),
        ("//registry.npmjs.org/:_authToken= npm_" + "a" * 36, "NPM tokens"),
        ("//r/:_authToken=x //r/:_authToken=01234567-0123-0123-0123-0123456789ab", "NPM tokens"),
        ("sk-sk-proj-" + "a" * 74 + "T3BlbkFJ" + "b" * 74, "OpenAI Token"),
        ("T3BlbkFJ sk-" + "a" * 20 + "T3BlbkFJ" + "b" * 20, "OpenAI Token"),
    ],
)
def test_a_token_is_found_in_the_pieces_of_a_text(text: str, form: str) -> None:
    assert provider(text) == form


def test_the_excerpts_of_a_long_line_stay_short() -> None:
    subject = Subject.read(
        "a.yaml", "{" + ", ".join(f"k{number}: {{password: geheim1}}" for number in range(1500)) + "}\n"
    )
    start = process_time()
    excerpts = [excerpt(subject, finding) for finding in clear_text.find(subject, Knowledge())]
    assert process_time() - start < SECONDS
    assert len(excerpts) == 1500
    assert max(len(one.text) for one in excerpts if one) < 300


@pytest.mark.parametrize(
    "text",
    [
        "a: '" + "ENC[GPG,hQEMAy7AcYCK21Xb] " * 10_000 + "'\n",
        "a: '" + "ENC[GPG,hQEMAy7AcYCK21Xb]\n\n  " * 5_000 + "'\n",
    ],
    ids=["values of one line", "values of one scalar"],
)
def test_no_number_of_findings_or_values_in_one_file_keeps_a_check_busy(text: str) -> None:
    start = process_time()
    subject = Subject.read("a.yaml", text)
    for finding in (*clear_text.find(subject, Knowledge()), *ciphertext_for_puppet.find(subject)):
        excerpt(subject, finding)
    assert process_time() - start < SECONDS


def test_the_line_of_a_late_finding_is_found_at_once() -> None:
    subject = Subject.read("a.yaml", "password: x\n" * 40_000)
    late = Finding("plaintext-key-name", Severity.ERROR, "a.yaml", 40_000, 11, "password", "in clear", None)
    start = process_time()
    for _ in range(5000):
        excerpt(subject, late)
    assert process_time() - start < 1


@pytest.mark.parametrize(
    "text",
    [
        lambda size: "a::password: '" + "%{lookup(x)}  " * size + "x'\n",
        lambda size: "x: |\n  " + "<aa>x</" * size + " !\n",
        lambda size: "a: {" + ", ".join(f"password: {{K{one}geheim}}" for one in range(size)) + "}\n",
        lambda size: "".join(f"key{one}::password: geheim{one}\n" for one in range(size)),
        lambda size: "".join(f"key{one}: ENC[GPG,hQEMAy7AcYCK21Xb]\n" for one in range(size)),
        lambda size: "# eyamlgpg: allow plaintext-key-name -- demo\n" * size + "a: 1\n",
    ],
    ids=["lookups", "tags", "flow mappings", "passwords", "values", "exceptions"],
)
def test_twice_the_text_takes_twice_the_time(text: Callable[[int], str]) -> None:
    def judge(text: str) -> None:
        subject = Subject.read("a.yaml", text)
        findings = [*clear_text.find(subject, collect([subject], NamePolicy())), *file_format.find(subject)]
        exceptions.apply(subject, findings, IDS)
        for finding in findings:
            excerpt(subject, finding)

    assert growth(judge, text(1000), text(2000)) < 3
