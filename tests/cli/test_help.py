"""The help of every command: its options in sections, and examples that its own parser takes."""

import shlex

import click
import pytest

from docs.reference.generate import commands
from eyamlgpg.cli.teaching import SECTIONS, TeachingCommand, examples
from tests.support.tool import Tool

COMMANDS = {words: command for words, command in commands() if not isinstance(command, click.Group)}
EXAMPLES = [(words, line) for words, command in COMMANDS.items() for line in examples(command)]
SECRET = {"-s", "--string"}
WIDTH = 78
"""What an example may take of a terminal of 80 columns; the help is two columns in."""


def test_every_command_is_made_by_our_class() -> None:
    assert [words for words, command in COMMANDS.items() if not isinstance(command, TeachingCommand)] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_options_stand_under_their_headings_own_ones_first(words: str, tool: Tool) -> None:
    """Each option once; nothing that several commands share stands among a command's own."""
    command = COMMANDS[words]
    with command.make_context(words, ["x"], resilient_parsing=True) as ctx:
        text = command.get_help(ctx)
    headings = [line.removesuffix(":") for line in text.splitlines() if line.endswith(":") and line[0] != " "]
    order = ["Options", *SECTIONS]
    assert headings == sorted(headings, key=order.index)
    _, *parts = text.partition("\n\n" + headings[0] + ":\n")[1:]
    section, under = headings[0], {}
    for line in parts[0].splitlines():
        if line.removesuffix(":") in headings:
            section = line.removesuffix(":")
        elif line.startswith("  -"):
            spelled = [word.rstrip(",") for word in line.split() if word.startswith("-")]
            under[next(word for word in spelled if word.startswith("--"))] = section
    homes = {name: heading for heading, names in SECTIONS.items() for name in names}
    assert under == {name: homes.get(name, "Options") for name in under}
    assert under["--help"] == "Everywhere"
    shown = {one.opts[-1] for one in command.params if isinstance(one, click.Option) and not one.hidden}
    assert shown <= {word.strip(",/") for word in text.replace("/", " ").split() if word.startswith("--")}


def test_the_sections_name_options_that_exist() -> None:
    every = {name for command in COMMANDS.values() for parameter in command.params for name in parameter.opts}
    assert {name for names in SECTIONS.values() for name in names} - every == {"--help"}


def test_the_sections_of_a_help_have_the_same_columns(tool: Tool) -> None:
    lines = tool("who", "--help").text.splitlines()
    told = ["How to print", "Go by these", "Show this message", "Show a Python"]
    assert len({line.index(words) for line in lines for words in told if words in line}) == 1


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_a_few_examples_of_itself(words: str) -> None:
    lines = examples(COMMANDS[words])
    assert 1 <= len(lines) <= 3
    assert all(f"{words} " in f"{line} " for line in lines)


@pytest.mark.parametrize(("words", "line"), EXAMPLES)
def test_an_example_fits_and_is_shown_as_it_is(words: str, line: str, tool: Tool) -> None:
    assert len(line) + len("$ ") <= WIDTH
    with COMMANDS[words].make_context(words, ["x"], resilient_parsing=True, terminal_width=80) as ctx:
        assert f"\n  $ {line}\n" in COMMANDS[words].get_help(ctx)


def called(words: str, line: str) -> list[str]:
    """The words behind the command of an example, without what the shell takes of the line."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>;&")
    lexer.commenters = "#"
    lexer.wordchars += ":@,=[]{}"
    found = list(lexer)
    start = next(place for place in range(len(found)) if found[place : place + len(words.split())] == words.split())
    behind = found[start + len(words.split()) :]
    end = next((place for place, word in enumerate(behind) if set(word) <= set("|<>;&")), len(behind))
    return behind[:end]


@pytest.mark.parametrize(("words", "line"), EXAMPLES)
def test_an_example_is_taken_by_the_parser_of_its_command(words: str, line: str) -> None:
    """Its options exist, its arguments are right in number and kind, and no secret stands on the command line."""
    rest = called(words, line)
    COMMANDS[words].make_context(words, list(rest))
    assert not SECRET & set(rest)


@pytest.mark.parametrize("line", ["eyamlgpg get a.eyaml", "eyamlgpg get a.eyaml k --nope", "eyamlgpg get a b c"])
def test_an_example_that_is_wrong_would_be_seen(line: str) -> None:
    with pytest.raises(click.UsageError):
        COMMANDS["eyamlgpg get"].make_context("get", called("eyamlgpg get", line))
