"""Write share/: manual pages and completion files that the wheel installs, from the commands: `tox run -e docs`.

There is one page for each command of `eyamlgpg --help`; that of a group tells the commands in it.
"""

import inspect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from docs.reference.generate import commands
from eyamlgpg.cli.completion import VARIABLE
from eyamlgpg.cli.completion.shells import PROGRAM, SHELLS
from eyamlgpg.cli.main import cli
from eyamlgpg.cli.teaching import examples, sections

SHARE = Path(__file__).resolve().parents[2] / "share"
COMPLETIONS = {
    "bash": "bash-completion/completions/eyamlgpg",
    "zsh": "zsh/site-functions/_eyamlgpg",
    "fish": "fish/vendor_completions.d/eyamlgpg.fish",
}
"""Where each shell looks for the completion of a program, below a folder called share."""


def files() -> dict[str, str]:
    """Each file below share/, with its text."""
    pages = {f"man/man1/{words.replace(' ', '-')}.1": _page(words, command) for words, command in _pages()}
    scripts = {path: SHELLS[shell](cli, {}, PROGRAM, VARIABLE).source() for shell, path in COMPLETIONS.items()}
    return pages | scripts


def write() -> None:
    """Write them, and remove the pages of commands that are gone."""
    texts = files()
    for path, text in texts.items():
        (SHARE / path).parent.mkdir(parents=True, exist_ok=True)
        (SHARE / path).write_text(text, encoding="utf-8")
    for old in (SHARE / "man").rglob("*.1"):
        if old.relative_to(SHARE).as_posix() not in texts:
            old.unlink()


def _pages() -> Iterator[tuple[str, click.Command]]:
    yield PROGRAM, cli
    yield from ((words, command) for words, command in commands() if len(words.split()) == 2)


def _page(words: str, command: click.Command) -> str:
    name = words.replace(" ", "-")
    paragraphs = list(_paragraphs(command))
    summary = re.split(r"(?<=\.) ", " ".join(paragraphs[0]), maxsplit=1)[0].removesuffix(".")
    inside = [(path, one) for path, one in commands() if path.startswith(f"{words} ")]
    lines = [
        r".\" Written by `tox run -e docs` from the commands themselves; change their help instead.",
        f'.TH "{_text(name.upper())}" "1" "" "eyamlgpg" "User Commands"',
        *(".nh", ".ad l"),  # a broken option or path cannot be copied
        *(".SH NAME", rf"{_text(name)} \- {_text(summary)}"),
        *(".SH SYNOPSIS", *_synopsis(words, command)),
        *(".SH DESCRIPTION", *_description(paragraphs)),
        *_options(words, command, ".SH"),
    ]
    if command is cli:
        top = [(path, one) for path, one in inside if len(path.split()) == 2]
        lines += [".SH COMMANDS", *(line for path, one in top for line in _entry(path, one))]
    else:
        for path, one in inside:
            lines += [f".SH {_text(path)}", *_synopsis(path, one), ".PP", *_description(list(_paragraphs(one)))]
            lines += [*_options(path, one, ".SS"), *_examples(one, ".SS")]
    lines += [*_examples(command, ".SH"), ".SH EXIT STATUS", *_statuses(), ".SH SEE ALSO", *_neighbours(words)]
    return "\n".join(lines) + "\n"


def _entry(path: str, command: click.Command) -> list[str]:
    """A command in the list of all."""
    summary = " ".join(next(_paragraphs(command)))
    return [".TP", rf"\fB{_text(path.replace(' ', '-'))}\fR(1)", _text(summary)]


def _synopsis(words: str, command: click.Command) -> list[str]:
    behind = command.collect_usage_pieces(click.Context(command))
    return [rf"\fB{_text(words)}\fR {_text(' '.join(behind))}"]


def _paragraphs(command: click.Command) -> Iterator[list[str]]:
    """The help's paragraphs, with their lines; the first of lines that are kept apart is click's sign for that."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield [line.strip() for line in paragraph.strip("\n").splitlines()] if paragraph else []


def _description(paragraphs: Sequence[Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        first, *kept = paragraph or [""]
        if first in {"\b", ""} and any(line.startswith("$ ") for line in kept):
            continue  # the section of examples has them
        if first in {"\b", ""}:
            lines += [".PP", *_kept(kept)]
        else:
            lines += [".PP", _text(" ".join(paragraph))]
    return lines[1:]


def _options(words: str, command: click.Command, macro: str) -> list[str]:
    if isinstance(command, click.Group) and command is not cli:
        return []
    context = click.Context(command, info_name=words, help_option_names=["-h", "--help"])
    parameters = command.get_params(context)
    lines = []
    for heading, options in sections(parameters):
        lines.append(f"{macro} {heading.upper() if macro == '.SH' else heading}")
        for option in options:
            spelled, told = option.get_help_record(context) or ("", "")
            lines += [".TP", rf"\fB{_text(spelled)}\fR", _text(" ".join(told.split()))]
    return lines


def _examples(command: click.Command, macro: str) -> list[str]:
    lines = examples(command)
    heading = "EXAMPLES" if macro == ".SH" else "Examples"
    return [f"{macro} {heading}", *_kept([f"$ {line}" for line in lines])] if lines else []


def _kept(lines: Sequence[str]) -> list[str]:
    return [".nf", ".RS 4", *(_text(line) for line in lines), ".RE", ".fi"]


def _statuses() -> list[str]:
    """The rows of the page of exit statuses."""
    page = Path(__file__).with_name("exit-statuses.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", page, re.MULTILINE)
    return [line for status, means in rows for line in (".TP", rf"\fB{status}\fR", _text(means.replace("`", "")))]


def _neighbours(words: str) -> list[str]:
    names = [name.replace(" ", "-") for name, _ in _pages() if name != words] if words == PROGRAM else [PROGRAM]
    return [", ".join(rf"\fB{_text(name)}\fR(1)" for name in [*names, "gpg", "git"])]


def _text(text: str) -> str:
    """Text as troff reads it: a dash that is typed stays one, and no line is taken for a request."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("`", r"\(ga").replace("'", r"\(aq")
    escaped = escaped.replace("~", r"\(ti").replace("^", r"\(ha").replace('"', r"\(dq").replace("…", r"\&...")
    return rf"\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    write()
