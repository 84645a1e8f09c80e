"""Write docs/reference/cli.md from the commands themselves: `tox run -e docs`."""

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from eyamlgpg.cli.main import cli

PAGE = Path(__file__).with_name("cli.md")

HEAD = """# Commands

<!-- Written by `tox run -e docs` from the commands themselves; change their help instead. -->

Options stand behind the command's name; `-h` and `--help` tell the same as this page. A secret, a table or a report
goes to stdout; all else goes to stderr, each line starting with `eyamlgpg: `. [Exit statuses](exit-statuses.md) have a
page of their own.
"""

NEARLY_EVERYWHERE = ("gpg_gnupghome", "verbose", "quiet", "trace")
"""Options that would be most of the page if each command told them again."""


def commands(group: click.Group = cli, path: Sequence[str] = ("eyamlgpg",)) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it, groups before their commands, in the order of `--help`."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None, name  # noqa: S101 - a group lists what it has
        words = (*path, name)
        yield " ".join(words), command
        if isinstance(command, click.Group):
            yield from commands(command, words)


def reference() -> str:
    """The page."""
    every = list(commands())
    overview = [f"| [`{words}`](#{words.replace(' ', '-')}) | {_cell(_summary(command))} |" for words, command in every]
    sections = [_section(words, command) for words, command in every]
    shared = {option.name: option for _, command in every for option in _options(command)}
    common = ["## Options of nearly every command", "", *_table([shared[name] for name in NEARLY_EVERYWHERE])]
    return "\n".join([HEAD, "| command | |", "| --- | --- |", *overview, "", *common, *sections])


def _section(words: str, command: click.Command) -> str:
    lines = [f"## {words}", "", "```text", _usage(words, command), "```", ""]
    for paragraph in _paragraphs(command):
        lines += [paragraph, ""]
    options = _options(command)
    own = [option for option in options if option.name not in NEARLY_EVERYWHERE]
    if own:
        lines += _table(own)
    if len(own) < len(options):
        names = ", ".join(f"`{option.opts[-1]}`" for option in options if option not in own)
        lines += [f"And {names}, as [nearly everywhere](#options-of-nearly-every-command).", ""]
    return "\n".join(lines)


def _options(command: click.Command) -> list[click.Option]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Option)]


def _table(options: Sequence[click.Option]) -> list[str]:
    rows = [f"| {_spelled(option)} | {_cell(_told(option))} |" for option in options]
    return ["| option | |", "| --- | --- |", *rows, ""]


def _usage(words: str, command: click.Command) -> str:
    if isinstance(command, click.Group):
        return f"{words} COMMAND …"
    arguments = [
        parameter.metavar or (parameter.name or "").upper()
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    return " ".join([words, "[OPTIONS]", *arguments])


def _summary(command: click.Command) -> str:
    """The first sentence of the help."""
    first = _paragraphs(command)[0]
    return re.split(r"(?<=\.) |\.\Z", first, maxsplit=1)[0].removesuffix(".")


def _paragraphs(command: click.Command) -> list[str]:
    """The help's paragraphs, each on one line; what click is told to leave as it is becomes a block."""
    made = []
    # Before Python 3.13 a docstring keeps the indentation of its source.
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = paragraph.splitlines()
        if lines[0] == "\b":
            made.append("\n".join(["```text", *lines[1:], "```"]))
        else:
            made.append(" ".join(line.strip() for line in lines))
    return made


def _spelled(option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if option.is_flag or option.count:
        return names
    if isinstance(option.type, click.Choice):
        choices = [str(getattr(choice, "value", choice)) for choice in option.type.choices]
        return f"{names} {' or '.join(f'`{choice}`' for choice in choices)}"
    return f"{names} `{option.metavar or option.type.name.upper()}`"


def _told(option: click.Option) -> str:
    told = " ".join((option.help or "").split())
    return f"{told} [default: {option.default}]" if option.show_default and not option.is_flag else told


def _cell(text: str) -> str:
    """Text inside a table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
