"""What a run imports, and what it starts: nothing that it has no use for, since every command is run many times a day.

No times are taken here: modules that a run must not have in `sys.modules` hold better on a busy machine.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest

from eyamlgpg.cli.main import COMMANDS, cli
from tests.support import keyrings
from tests.support.tool import Tool

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
sys.argv[0] = "eyamlgpg"
from eyamlgpg.__main__ import main
status = main()
sys.stdout.flush()
names = [*sys.modules]
import json
sys.stderr.write("\\n" + json.dumps([status, *names]))
"""

NEVER = (
    *("git", "detect_secrets", "requests", "jinja2", "eyamlgpg.pkcs7"),
    *("eyamlgpg.api.repository", "eyamlgpg.api.results"),
)
"""In no run of these: git waits for the history, detect-secrets for the sign of a token, PKCS7 for a value of it.

What the API shows to programs waits for a program; the wiring below it is the commands' own.
"""

NO_WORK = (
    *NEVER,
    *("rich", "cryptography", "ruamel", "subprocess", "tempfile", "difflib", "traceback", "json"),
    *("eyamlgpg.cli.commands", "eyamlgpg.cli.world", "eyamlgpg.model.keys", "eyamlgpg.formats", "eyamlgpg.gpg"),
    *("eyamlgpg.detectors", "eyamlgpg.rules", "eyamlgpg.repo", "eyamlgpg.trees", "eyamlgpg.operations"),
)
"""In no run that only says what there is."""

ONE_VALUE = (
    *NEVER,
    *("rich", "tempfile", "secrets", "eyamlgpg.rules", "eyamlgpg.detectors", "eyamlgpg.repo"),
)
READ = (
    *("cryptography", "concurrent.futures", "eyamlgpg.gpg.sealing", "eyamlgpg.gpg.recrypting"),
    *("eyamlgpg.model.keys", "eyamlgpg.model.policy", "eyamlgpg.operations.tree", "eyamlgpg.operations.ports"),
)
WITHOUT_SECRETS = (*NEVER, "cryptography", "eyamlgpg.gpg.opening", "eyamlgpg.gpg.sealing", "eyamlgpg.gpg.recrypting")

RUNS: dict[str, tuple[str, ...]] = {
    "--version": NO_WORK,
    "--version -v": (*NEVER, "rich", "ruamel", "tempfile", "eyamlgpg.cli.world", "eyamlgpg.operations"),
    "--help": NO_WORK,
    "completion bash": NO_WORK,
    "get a.eyaml db::password": (*ONE_VALUE, *READ),
    "decrypt -e a.eyaml": (*ONE_VALUE, *READ),
    "encrypt -s x": (*ONE_VALUE, "eyamlgpg.gpg.opening", "eyamlgpg.model.policy"),
    "set a.eyaml db::name -s x": (*NEVER, "rich", "tempfile", "eyamlgpg.rules", "eyamlgpg.gpg.opening"),
    "edit a.eyaml": (*NEVER, "rich", "eyamlgpg.rules", "eyamlgpg.repo", "eyamlgpg.gpg.recrypting"),
    "who": (*WITHOUT_SECRETS, "rich", "csv", "json", "eyamlgpg.rules", "eyamlgpg.detectors"),
    "recrypt": (*NEVER, "rich", "cryptography", "json", "eyamlgpg.rules", "eyamlgpg.detectors"),
    "rotation bob@example.com": (*NEVER, "rich", "cryptography"),
    "audit": (*WITHOUT_SECRETS, "tempfile"),
    "diff": (*WITHOUT_SECRETS, "rich", "tempfile", "eyamlgpg.rules"),
    "onboard alice@example.com --dry-run": (*NEVER, "cryptography"),
    "offboard nobody@example.com --dry-run": (*NEVER, "rich", "cryptography"),
    "recipients list": (*WITHOUT_SECRETS, "rich", "eyamlgpg.detectors"),
    "keys list": (*WITHOUT_SECRETS, "eyamlgpg.detectors", "eyamlgpg.repo"),
    "keys check": (*WITHOUT_SECRETS, "eyamlgpg.detectors"),
    "check": (*WITHOUT_SECRETS, "rich", "tempfile", "eyamlgpg.render.findings.junit", "eyamlgpg.render.findings.sarif"),
    "explain wrong-key": (*WITHOUT_SECRETS, "subprocess", "tempfile", "eyamlgpg.repo"),
    "hiera check": (*WITHOUT_SECRETS, "tempfile", "eyamlgpg.gpg.recrypting"),
    "doctor": (*NEVER, "cryptography", "eyamlgpg.gpg.sealing", "eyamlgpg.gpg.recrypting", "eyamlgpg.detectors"),
    "git status": (*WITHOUT_SECRETS, "rich", "tempfile"),
    "git textconv a.eyaml": (
        *(*ONE_VALUE[:-1], "cryptography.hazmat.primitives.asymmetric", "eyamlgpg.cli.world"),
        *("eyamlgpg.gpg.keyring", "eyamlgpg.gpg.sealing", "eyamlgpg.gpg.recrypting", "eyamlgpg.trees.around"),
    ),
    "hook status": (*WITHOUT_SECRETS, "ruamel", "rich", "tempfile", "eyamlgpg.rules", "eyamlgpg.formats"),
}
"""A typical run of each command, and the modules that must not be there at its end, with all that is in them."""


def modules_of(words: str, folder: Path, environ: Mapping[str, str]) -> tuple[int, set[str]]:
    """The status of a run and the modules at its end."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words.split()],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "EDITOR": "true", **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    status, *names = json.loads(ran.stderr.splitlines()[-1])
    return status, set(names)


@pytest.fixture(scope="module")
def tree(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one value, which nothing is wrong with."""
    folder = tmp_path_factory.mktemp("tree")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / "hiera-eyaml-gpg.recipients").write_text(f"# Alice\n{keyrings.known('alice').fingerprint}\n")
    (folder / "a.eyaml").write_text("---\ndb::host: db1\n")
    levels = "hierarchy:\n  - {name: a, datadir: ., path: a.eyaml, lookup_key: eyaml_lookup_key}\n"
    (folder / "hiera.yaml").write_text(f"version: 5\n{levels}")
    ran = Tool()("set", "a.eyaml", "db::password", "-s", "x", home=home("alice"), cwd=folder)
    assert ran.status == 0, ran.err
    return folder


def unwanted(names: set[str], forbidden: tuple[str, ...]) -> list[str]:
    return sorted(name for name in names if any(name == one or name.startswith(f"{one}.") for one in forbidden))


@pytest.mark.parametrize("words", RUNS)
def test_a_typical_run_imports_nothing_that_it_has_no_use_for(
    tree: Path, tmp_path: Path, home: Callable[[str], Path], words: str
) -> None:
    here = shutil.copytree(tree, tmp_path / "tree")
    status, names = modules_of(words, here, {"GNUPGHOME": str(home("alice"))})
    assert status in (0, 1) or words.startswith(("explain", "offboard"))
    assert unwanted(names, RUNS[words]) == []


def test_every_command_has_a_typical_run() -> None:
    """`demo` runs all of them."""
    assert {words.split()[0] for words in RUNS if words[0] != "-"} == set(COMMANDS) - {"demo"}


QUESTIONS: dict[str, dict[str, str]] = {
    "bash": {"COMP_LINE": "eyamlgpg "},
    "zsh": {"COMP_WORDS": "eyamlgpg", "COMP_CWORD": "1"},
    "fish": {"COMP_WORDS": "eyamlgpg", "COMP_CWORD": ""},
}


@pytest.mark.parametrize("shell", QUESTIONS)
def test_a_shell_that_asks_for_the_commands_waits_for_no_import(tmp_path: Path, shell: str) -> None:
    asked = {"_EYAMLGPG_COMPLETE": f"{shell}_complete", **QUESTIONS[shell]}
    status, names = modules_of("", tmp_path, asked)
    assert (status, unwanted(names, NO_WORK)) == (0, [])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_in_the_table_is_that_of_the_command(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert [COMMANDS[name].short_help(room) for room in range(10, 120)] == [
        command.get_short_help_str(room) for room in range(10, 120)
    ]


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_help_reads_as_click_would_write_it(width: int) -> None:
    context = click.Context(cli, terminal_width=width)
    ours, clicks = context.make_formatter(), context.make_formatter()
    cli.format_commands(context, ours)
    click.Group.format_commands(cli, context, clicks)
    assert ours.getvalue() == clicks.getvalue()


def test_get_starts_gpg_once(tree: Path, tmp_path: Path, home: Callable[[str], Path], tool: Tool) -> None:
    """To open the message; that gpg is new enough is asked only of one that fails."""
    real, program, log = shutil.which("gpg"), tmp_path / "bin" / "gpg", tmp_path / "log"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {real} "$@"\n')
    program.chmod(0o755)
    path = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    ran = tool("get", "a.eyaml", "db::password", home=home("alice"), cwd=tree, environ=path)
    assert (ran.status, ran.out) == (0, b"x")
    started = log.read_text().splitlines()
    assert (len(started), "--decrypt" in started[0]) == (1, True)
