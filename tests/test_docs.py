"""The documentation is true: every command is in it, every command line in it works, every link leads somewhere."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import eyamlgpg.api
from docs.reference import api, modules
from docs.reference.generate import PAGE, commands, reference
from tests.docs.page import fences

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS = dict(commands())

FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(eyamlgpg [^`]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


def test_the_reference_is_what_the_commands_say() -> None:
    assert PAGE.read_text() == reference(), "run `tox run -e docs`"


def test_lines_that_are_kept_apart_in_the_help_are_so_on_the_page() -> None:
    """Whichever Python reads the docstrings: click's sign for it is a backspace, and none is left."""
    assert "\b" not in reference()
    assert "```text\nbash: in ~/.bashrc, eval " in reference()


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_option_tells_what_it_does(words: str) -> None:
    command = COMMANDS[words]
    assert command.help
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))
    assert all(parameter.metavar for parameter in command.params if isinstance(parameter, click.Argument))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_its_section_with_every_option(words: str) -> None:
    page = PAGE.read_text()
    [section] = re.findall(rf"^## {words}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    for parameter in COMMANDS[words].params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[-1]}`" in section


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of the headings."""
    text = FENCE.sub("", page.read_text())
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        file = page.parent / target if target else page
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


def lines(page: Path) -> Iterator[str]:
    """The command lines of a page's consoles, and those in its sentences."""
    for fence in fences(page):
        yield from (command.text for command in fence.commands())
    yield from INLINE.findall(FENCE.sub("", page.read_text()))


def called(line: str) -> Iterator[list[str]]:
    """The words behind each `eyamlgpg` of a command line, up to the next operator of the shell."""
    lexer = shlex.shlex(line.replace("$(", "; ").replace(")", ""), posix=True, punctuation_chars=";&|<>")
    lexer.commenters = "#"
    lexer.wordchars += "…:[]=,!@"
    words: list[str] | None = None
    for word in [*lexer, ";"]:
        if word and set(word) <= set(";&|<>"):
            if words is not None:
                yield words
            words = None
        elif words is not None:
            words.append(word)
        elif word == "eyamlgpg":
            words = []


def wrong(words: list[str]) -> list[str]:
    """The words that name no command or no option of the command."""
    path, command, spelled = "eyamlgpg", None, {"-h", "--help", "--version"}
    left = list(words)
    while left and (command is None or isinstance(command, click.Group)) and not left[0].startswith("-"):
        path = f"{path} {left.pop(0)}"
        if path == "eyamlgpg COMMAND":
            return []
        if path not in COMMANDS:
            return [path]
        command = COMMANDS[path]
    if command is None and "--version" in left:
        spelled |= {"-v", "--verbose"}
    for parameter in command.params if command else []:
        if isinstance(parameter, click.Option):
            spelled |= {*parameter.opts, *parameter.secondary_opts}
    return [word for word in left if re.match("-+[a-zA-Z]", word) and word.partition("=")[0] not in spelled]


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_command_line_names_commands_and_options_that_exist(page: Path) -> None:
    assert [(line, bad) for line in lines(page) for words in called(line) if (bad := wrong(words))] == []


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("eyamlgpg set a.eyaml a::b -p   # asks -z", []),
        ("eyamlgpg decrypt -e a.eyaml | eyamlgpg encrypt --bogus -e -", [["--bogus"]]),
        ('eval "$(eyamlgpg completion bash)" && eyamlgpg recipient list', [["eyamlgpg recipient"]]),
        ("mkdir -p x && eyamlgpg recipients ad bob@example.com", [["eyamlgpg recipients ad"]]),
        ("eyamlgpg recipients list --format=json --nope=1", [["--nope=1"]]),
        ("eyamlgpg COMMAND --help", []),
        ("eyamlgpg --version -v", []),
        ("eyamlgpg -v edit a.eyaml", [["-v"]]),
        ("tox run -e eyamlgpg-demo --nope", []),
    ],
)
def test_a_command_line_that_does_not_exist_would_be_seen(line: str, bad: list[list[str]]) -> None:
    assert [found for words in called(line) if (found := wrong(words))] == bad


def test_the_page_of_the_python_api_is_what_the_code_says() -> None:
    assert api.PAGE.read_text() == api.page(), "run `tox run -e docs`"
    headings = re.findall(r"^(?:## |\| `)(\w+)", api.page(), re.MULTILINE)
    assert set(eyamlgpg.api.__all__) <= set(headings)


def test_the_list_of_modules_is_what_the_modules_say() -> None:
    assert modules.PAGE.read_text() == modules.page(), "run `tox run -e docs`"


def test_every_module_says_what_it_is() -> None:
    """The list repeats the first line of each module, so there has to be one, and it is not that of another."""
    rows = re.findall(r"^\| `(eyamlgpg/.+\.py)` \| (.+) \|$", modules.PAGE.read_text(), re.MULTILINE)
    every = [path for path in sorted((ROOT / "eyamlgpg").rglob("*.py")) if path.name != "__init__.py"]
    assert sorted(path for path, _ in rows) == [path.relative_to(ROOT).as_posix() for path in every]
    assert len({line for _, line in rows}) == len(rows)


def test_the_architecture_names_every_room() -> None:
    """Each folder by its whole path in the table of folders, and no folder that is not there."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    named = re.findall(r"^\| `(eyamlgpg/[a-z0-9_/]+)` \|", page, re.MULTILINE)
    there = [folder.relative_to(ROOT).as_posix() for folder in modules.folders() if folder.name != "eyamlgpg"]
    assert sorted(named) == there


def test_every_module_that_the_architecture_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`(?:eyamlgpg/)?([a-z0-9_/]+\.py)`", page))
    assert len(named) > 30, "the page follows a value, a list line, a finding and a blob through whole paths"
    there = {
        name
        for name in named
        if (ROOT / "eyamlgpg" / name).is_file()
        or (name.partition("/")[0] in {"tests", "docs"} and (ROOT / name).is_file())
    }
    assert sorted(named - there) == []
