"""share/ holds the manual pages and completion files of the commands as they are now."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from docs.reference.generate import commands
from docs.reference.manual import COMPLETIONS, SHARE, files
from tests.support.tool import Tool

FILES = files()
PAGES = sorted(path for path in FILES if path.startswith("man/"))
COMMANDS = dict(commands())
ROOT = Path(__file__).resolve().parents[2]


def page_of(words: str) -> str:
    """The page that tells a command: its own, or that of its group."""
    return FILES[f"man/man1/{'-'.join(words.split()[:2])}.1"]


def test_the_files_are_what_the_commands_say() -> None:
    found = {path.relative_to(SHARE).as_posix(): path.read_text() for path in SHARE.rglob("*") if path.is_file()}
    assert sorted(found) == sorted(FILES), "run `tox run -e docs`"
    assert [path for path in FILES if found[path] != FILES[path]] == [], "run `tox run -e docs`"


def test_the_wheel_has_them_and_so_has_the_sdist() -> None:
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert targets["wheel"]["shared-data"] == {"share": "share"}
    assert "/share" in targets["sdist"]["include"]


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_a_completion_file_is_the_script_of_that_shell(tool: Tool, shell: str) -> None:
    assert FILES[COMPLETIONS[shell]].rstrip() == tool("completion", shell).text.rstrip()


@pytest.mark.parametrize("words", COMMANDS)
def test_a_page_has_every_option_and_example_of_a_command(words: str) -> None:
    command, page = COMMANDS[words], page_of(words)
    options = {one.opts[-1] for one in command.params if isinstance(one, click.Option) and not one.hidden}
    assert [name for name in options if name.replace("-", r"\-") not in page] == []
    assert f"\\fB{words}\\fR " in page.replace(r"\-", "-")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_date_and_the_sections_that_readers_look_for(path: str) -> None:
    headings = re.findall(r"^\.SH (.+)$", FILES[path], re.MULTILINE)
    assert headings[:3] == ["NAME", "SYNOPSIS", "DESCRIPTION"]
    assert headings[-2:] == ["EXIT STATUS", "SEE ALSO"]
    assert re.search(r'^\.TH "[^"]+" "1" "" ', FILES[path], re.MULTILINE)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff reads manual pages; it is not installed")
@pytest.mark.parametrize("path", PAGES)
def test_groff_has_no_objection_to_a_page(path: str) -> None:
    ran = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-Kutf8", "-P-cbou", "-rLL=80n", SHARE / path],
        capture_output=True,
        check=True,
    )
    assert ran.stderr == b""
    assert b"EXIT STATUS" in ran.stdout
