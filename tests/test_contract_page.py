"""The page of the command-line contract names every command with all its options, and no other."""

import re
from pathlib import Path

import click
import pytest

from docs.reference.generate import commands
from eyamlgpg.render.findings.text import FIELDS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "contract.md"
COMMANDS = dict(commands())
SECTION = re.compile(r"^### (eyamlgpg [^\n]+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"`(--?[a-z][a-z0-9-]*)`")


def test_the_contract_has_a_section_for_each_command_in_the_order_of_the_help() -> None:
    assert [words for words, _ in SECTION.findall(PAGE.read_text())] == list(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_a_section_names_the_options_of_its_command_and_no_other(words: str) -> None:
    spelled = {
        name
        for parameter in COMMANDS[words].params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(OPTION.findall(dict(SECTION.findall(PAGE.read_text()))[words])) == spelled


@pytest.mark.parametrize("words", COMMANDS)
def test_the_row_of_an_option_names_every_choice(words: str) -> None:
    text = PAGE.read_text()
    shown = text.partition("\n### ")[0] + dict(SECTION.findall(text))[words]
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    for parameter in COMMANDS[words].params:
        if isinstance(parameter, click.Option) and isinstance(parameter.type, click.Choice):
            [row] = [row for row in rows if f"`{parameter.opts[-1]}`" in row.split("|")[1]]
            choices = {str(getattr(choice, "value", choice)) for choice in parameter.type.choices}
            assert [choice for choice in choices if f"`{choice}`" not in row] == []


def test_the_shared_options_are_options_of_some_command() -> None:
    every = {name for command in COMMANDS.values() for parameter in command.params for name in parameter.opts}
    named = set(OPTION.findall(PAGE.read_text().partition("\n### ")[0]))
    assert named - every == {"-h", "--help"}


def test_the_contract_names_the_fields_of_a_finding() -> None:
    [named] = re.findall(r"`findings` \(each (`rule`[^)]*)\)", PAGE.read_text())
    assert re.findall(r"`(\w+)`", named) == list(FIELDS)
