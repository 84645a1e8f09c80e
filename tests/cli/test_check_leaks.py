"""`check` repeats no secret, wherever in a file one stands: keys are no exception."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, control_repository, found
from tests.support.repository import Repository
from tests.support.tool import Tool

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")
PEM = "-----BEGIN RSA PRIVATE KEY-----\n  Geheim7x\n  -----END RSA PRIVATE KEY-----"
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


def test_hidden_keys_are_counted_in_a_baseline(tool: Tool, repository: Repository) -> None:
    first, second = ('- curl -u admin:Geheim7x -H "X: y"\n', '- curl -u admin:Geheim8y -H "X: y"\n')
    repository.write("hieradata/more.yaml", first)
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    baseline = (repository.root / ".eyamlgpg/baseline.yaml").read_text()
    assert ("eheim" in baseline, "‹hidden›" in baseline, found(tool, repository)) == (False, True, [])
    repository.write("hieradata/more.yaml", f"{first}{second}")
    told = [("plaintext-assignment", "hieradata/more.yaml", 2)]
    assert found(tool, repository) == told
    repository.write("hieradata/more.yaml", "https://u:Geheim7x@h/: 1\nhttps://u:Geheim8x@h/: 1\n")
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    assert "count: 2" in (repository.root / ".eyamlgpg/baseline.yaml").read_text()
