"""`--version -v` names what a report of a fault needs to know."""

import re
import shutil
import sys
from pathlib import Path

import cryptography
import pytest

import eyamlgpg
from tests.support.tool import Tool

OURS = f"eyamlgpg {eyamlgpg.__version__}"


def test_the_version_is_one_line(tool: Tool) -> None:
    ran = tool("--version")
    assert (ran.status, ran.text, ran.err) == (0, f"{OURS}\n", "")


@pytest.mark.parametrize("words", ["--version -v", "-v --version", "--version --verbose", "--verbose --version"])
def test_with_v_each_program_is_named_with_version_and_path(tool: Tool, words: str) -> None:
    ran = tool(*words.split())
    first, gpg, openssl, python, git = ran.text.splitlines()
    assert (ran.status, first, ran.err) == (0, OURS, "")
    assert re.fullmatch(rf"gpg \d+\.\d+\.\d+\S* \({shutil.which('gpg')}\)", gpg)
    assert re.fullmatch(rf"OpenSSL \d.* \(by cryptography {re.escape(cryptography.__version__)}\)", openssl)
    assert python.startswith(f"Python {sys.version.split()[0]} (/")
    assert re.fullmatch(rf"git \d+\.\d+\S* \({shutil.which('git')}\)", git)


def test_a_program_that_is_missing_or_broken_is_told_as_such(tool: Tool, tmp_path: Path) -> None:
    (tmp_path / "gpg").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "gpg").chmod(0o755)
    _, gpg, _, _, git = tool("--version", "-v", environ={"PATH": str(tmp_path)}).text.splitlines()
    assert (gpg, git) == (f"gpg of an unknown version ({tmp_path}/gpg)", "git: not found on PATH")


@pytest.mark.parametrize("words", ["-v", "--verbose get a.eyaml k", "-v edit a.eyaml"])
def test_v_without_version_is_an_option_of_the_commands(tool: Tool, words: str) -> None:
    ran = tool(*words.split())
    assert (ran.status, ran.out) == (2, b"")
    assert "options stand behind the command: eyamlgpg COMMAND -v" in ran.err
