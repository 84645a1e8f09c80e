"""`check` repeats no secret, wherever in a file one stands: keys are no exception."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, RECIPIENTS, control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Tool

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")
PEM = "-----BEGIN RSA PRIVATE KEY-----\n  MIIBGeheim7x\n  -----END RSA PRIVATE KEY-----"
KEYS = {
    "assignment": (
        'c:\n  - curl -u admin:Geheim7x -H "X-Api-Key: abcdef"\n  - mysql -uroot -pGeheim7x -e "x: password=foo123"\n'
        "  - curl -u a:Geheim7x -k: {password: Rosinenbrot7}\n  - requirepass Geheim7x: 1\n"
    ),
    "private-key": f"? |\n  {PEM}\n: {{password: foo1234}}\n",
    "url-credentials": "https://u:Geheim7x@h/: {password: foo1234}\n",
    "edit-marker": (
        "DEC(1)::GPG[Geheim7x]!:\n  sub: ENC[GPG,aGVsbG8gd29ybGQ=]\na: DEC(2)::GPG[x\nGeheim7x:\n  token: abc12345]!\n"
    ),
    "key-name": "profile::password: {Geheim7x}\nb: {Geheim7x, Geheim7x}\nc: {password: x1, Geheim7x: {password: y2}}\n",
}
"""By the rule that reports what is hidden."""


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


@pytest.mark.parametrize("rule", KEYS)
@pytest.mark.parametrize("output", FORMATS)
def test_no_format_prints_a_key_that_holds_a_secret(tool: Tool, repository: Repository, output: str, rule: str) -> None:
    repository.write("hieradata/more.yaml", f"{CLEAR}{KEYS[rule]}")
    repository.write("hieradata/broken.yaml", f"{KEYS[rule]}{CLEAR}x: [\n  : :\n")
    ran = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    said = ran.out.decode() + ran.err
    assert (ran.status, "eheim7" in said, f"plaintext-{rule}" in said) == (1, False, True)


def test_a_key_in_a_marker_of_several_lines_is_not_guessed(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/more.yaml", "a: DEC(1)::GPG[first\n  Geheim7x: third]!\nb::password: Rosinenbrot7\n")
    ran = tool("check", "--format", "text", home=repository.home, cwd=repository.root)
    assert (ran.status, b"eheim7" in ran.out) == (1, False)


def test_hidden_keys_are_told_apart_in_a_baseline(tool: Tool, repository: Repository) -> None:
    first, second = ('- curl -u admin:Geheim7x -H "X: y"\n', '- curl -u admin:Geheim8y -H "X: y"\n')
    repository.write("hieradata/more.yaml", first)
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    baseline = (repository.root / ".eyamlgpg/baseline.yaml").read_text()
    assert ("eheim" in baseline, 'key: "0.‹hidden ' in baseline, found(tool, repository)) == (False, True, [])
    repository.write("hieradata/more.yaml", f"{first}{second}")
    told = [("plaintext-assignment", "hieradata/more.yaml", 2)]
    assert found(tool, repository) == told
    repository.write("hieradata/more.yaml", "https://u:Geheim7x@h/: 1\nhttps://u:Geheim8x@h/: 1\n")
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    baseline = (repository.root / ".eyamlgpg/baseline.yaml").read_text()
    assert (baseline.count("‹hidden "), "eheim" in baseline, found(tool, repository)) == (2, False, [])


INDENTED_COMMENT = "  # Geheim7x"
SECRETS = (
    "password: Geheim7x",
    "https://u:Geheim7x@h/",
    "Geheim7x",
    "alice@example.com Geheim7x",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIBGeheim7x\n-----END RSA PRIVATE KEY-----",
    "ghp_Geheim7x" + "a" * 28,
    INDENTED_COMMENT,
    "nobody@example.com # Geheim7x",
    "nobody@example.com,Geheim7x",
    "# https://u:Geheim7x@h/\nalice@example.com",
)


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
def test_no_format_prints_what_is_no_name_in_a_recipients_file(
    tool: Tool, repository: Repository, output: str, secret: str
) -> None:
    repository.write("hieradata/hiera-eyaml-gpg.recipients", f"{RECIPIENTS}{secret}\n")
    ran = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    status = 0 if secret == INDENTED_COMMENT else 1  # that one is a warning alone
    assert (ran.status, "eheim7" in ran.out.decode() + ran.err) == (status, False)


@pytest.mark.parametrize(
    "words",
    [
        *(("recipients", "list"), ("recipients", "list", "--format", "json"), ("recipients", "lint")),
        *(("recipients", "lint", "--format", "json"), ("recipients", "pin", "--dry-run"), ("encrypt", "-s", "x")),
        *(("recipients", "add", "bob@example.com", "--dry-run"), ("recipients", "remove", "nobody@example.com")),
        *(("keys", "check"), ("keys", "check", "--format", "json"), ("keys", "export"), ("who", "--check")),
    ],
    ids=" ".join,
)
def test_no_command_prints_what_is_no_name_in_a_recipients_file(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    repository.write("hieradata/hiera-eyaml-gpg.recipients", RECIPIENTS + "\n".join(SECRETS) + "\n")
    ran = tool(*words, home=repository.home, cwd=repository.root / "hieradata")
    assert "eheim7" not in ran.out.decode() + ran.err


def test_secrets_in_a_recipients_file_are_reported_as_such(tool: Tool, repository: Repository) -> None:
    path = "hieradata/hiera-eyaml-gpg.recipients"
    repository.write(path, RECIPIENTS + "\n".join(SECRETS[:2] + SECRETS[4:5]) + "\n")
    told = [one for one in found(tool, repository, path) if one[0].startswith("plaintext-")]
    assert told == [
        ("plaintext-assignment", path, 4),
        ("plaintext-url-credentials", path, 5),
        ("plaintext-private-key", path, 6),
    ]
