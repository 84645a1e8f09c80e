"""`explain` shows a rule's page where the rule was met."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.rules.catalogue import RULES, page
from eyamlgpg.rules.rule import Rule
from tests.support.controlled import CLEAR, control_repository
from tests.support.tool import Tool

HINT = "eyamlgpg: `eyamlgpg explain RULE` tells more\n"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_elsewhere_than_on_a_terminal_the_page_is_what_the_documentation_has(tool: Tool, rule: Rule) -> None:
    ran = tool("explain", rule.id)
    assert (ran.status, ran.text, ran.err) == (0, page(rule), "")


def on_a_terminal(columns: int, **environ: str) -> str:
    """What a terminal of this width is sent."""
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    session: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-m", "eyamlgpg", "explain", "plaintext-key-name"],
        env={**plain, "TERM": "xterm", **environ},
        encoding="utf-8",
        timeout=60,
        dimensions=(50, columns),
    )
    session.expect(pexpect.EOF)
    session.close()
    assert session.exitstatus == 0
    return (session.before or "").replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("wish", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=lambda wish: next(iter(wish)))
def test_on_a_terminal_the_page_is_laid_out_within_the_width(columns: int, wish: dict[str, str]) -> None:
    shown = on_a_terminal(columns, **wish)
    assert ("\x1b" in shown, "```" in shown, "**" in shown) == (False, False, False)
    assert max(len(line) for line in shown.splitlines()) <= min(columns, 100)
    assert "How to mend it" in {line.strip() for line in shown.splitlines()}
    assert "mysql::server::root_password:" in shown.split()


def test_on_a_terminal_the_page_has_colours() -> None:
    assert "\x1b[" in on_a_terminal(80)


@pytest.mark.parametrize("spelled", ["[recipient-not-pinned]", "Recipient-Not-Pinned"])
def test_a_rule_may_be_pasted_as_a_finding_has_it(tool: Tool, spelled: str) -> None:
    assert tool("explain", spelled).text.startswith("# recipient-not-pinned\n")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("acess-missing", "did you mean access-missing"),
        ("recipient-pinned", "did you mean recipient-not-pinned"),
        ("", "a finding ends with the name of its rule, in brackets"),
        ("0000", "a finding ends with the name of its rule, in brackets"),
    ],
)
def test_a_name_that_is_not_a_rule_is_told_with_the_nearest(tool: Tool, typed: str, hint: str) -> None:
    ran = tool("explain", typed)
    assert (ran.status, ran.out) == (3, b"")
    assert ran.err.startswith(f"eyamlgpg: {typed}: there is no such rule\neyamlgpg:   {hint}")


@pytest.mark.parametrize("output", ["text", "json", "sarif", "github", "gitlab", "junit"])
def test_check_names_it_once_under_findings_for_people(
    tool: Tool, tmp_path: Path, home: Callable[[str], Path], output: str
) -> None:
    repository = control_repository(tmp_path / "control", home("alice"))
    sound = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    repository.write("hieradata/plain.yaml", f"{CLEAR}app::token: Rosinenbrot7\n")
    ran = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    assert (sound.err.count(HINT), ran.err.count(HINT)) == (0, 1 if output == "text" else 0)
