"""Tab completes commands, options, paths, Hiera keys and recipients, in the shells themselves."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.support.tool import Tool

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from eyamlgpg.cli.main import main
sys.exit(main())
"""
DATA = """---
profile::db::password: ENC[GPG,hQ==]
profile::db::port: 5432
'a.b':
  users: [x, "ENC[GPG,hQ==]"]
"""
FINGERPRINT = "51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F"
TEAM = f"# Alice Anders <alice@example.com>\n{FINGERPRINT}\nbob@example.com\n"

bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
zsh = pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
fish = pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a data file and recipients, and the program on PATH."""
    program = tmp_path / "bin" / "eyamlgpg"
    program.parent.mkdir()
    program.write_text(PROGRAM)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    working = tmp_path / "work"
    (working / "deep er").mkdir(parents=True)
    (working / "common.eyaml").write_text(DATA)
    (working / "hiera-eyaml-gpg.recipients").write_text(TEAM)
    (working / "deep er" / "hiera-eyaml-gpg.recipients").write_text("carol@example.com\n")
    (working / "broken.eyaml").write_bytes(b"\xff: [")
    return working


def typed(shell: list[str], setup: str, line: str, folder: Path) -> str:
    """The words of a command line after Tab: typed at a terminal, then printed by the shell instead of run."""
    terminal = pexpect.spawn(
        shell[0],
        shell[1:],
        cwd=str(folder),
        env={**os.environ, "TERM": "dumb", "PS1": "@ ", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"},
        encoding="utf-8",
        timeout=30,
        dimensions=(40, 400),
    )
    try:
        terminal.sendline(setup)
        terminal.expect_exact("\r\nready")
        # Ctrl-A, Ctrl-E: the beginning and the end of the line.
        terminal.send(f"{line}\t\x01printf '<%s>' \x05; echo; exit\r")
        terminal.expect_exact("\r\n<")
        terminal.expect(pexpect.EOF)
        return "<" + str(terminal.before).splitlines()[0]
    finally:
        terminal.close(force=True)


def words(*expected: str) -> str:
    return "".join(f"<{word}>" for word in ("eyamlgpg", *expected))


LINES = [
    ("eyamlgpg recip", ("recipients",)),
    ("eyamlgpg recipients rem", ("recipients", "remove")),
    ("eyamlgpg recipients list --form", ("recipients", "list", "--format")),
    ("eyamlgpg recipients list --format j", ("recipients", "list", "--format", "json")),
    ("eyamlgpg get comm", ("get", "common.eyaml")),
    ("eyamlgpg get common.eyaml profile::db::pa", ("get", "common.eyaml", "profile::db::password")),
    ("eyamlgpg set common.eyaml profile::db::po", ("set", "common.eyaml", "profile::db::port")),
    ("eyamlgpg recipients remove al", ("recipients", "remove", "alice@example.com")),
    ("eyamlgpg recipients remove --at 'deep er' car", ("recipients", "remove", "--at", "deep er", "carol@example.com")),
    ("eyamlgpg recipients remove --everywhere car", ("recipients", "remove", "--everywhere", "carol@example.com")),
    ("eyamlgpg explain access-f", ("explain", "access-few-people")),
    ("eyamlgpg decrypt -f comm", ("decrypt", "-f", "common.eyaml")),
    ("eyamlgpg who --key prof", ("who", "--key", "profile::db::password")),
    ("eyamlgpg who common.eyaml --key prof", ("who", "common.eyaml", "--key", "profile::db::password")),
]


@bash
@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line for line, _ in LINES])
def test_bash_completes(folder: Path, line: str, expected: tuple[str, ...]) -> None:
    setup = 'bind "set bell-style none"; eval "$(eyamlgpg completion bash)"; echo; echo ready'
    assert typed(["bash", "--norc", "--noprofile", "-i"], setup, line, folder) == words(*expected)


@bash
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eyamlgpg get common.eyaml 'profile::db::pa", ("get", "common.eyaml", "profile::db::password")),
        ("eyamlgpg recipients list --format=j", ("recipients", "list", "--format=json")),
        ("eyamlgpg get common.eyaml \\'a.b\\'.users.1", ("get", "common.eyaml", "'a.b'.users.1")),
        ("eyamlgpg recipients remove --at dee", ("recipients", "remove", "--at", "deep er/")),
        ("eyamlgpg encyrpt --fi", ("encyrpt", "--fi")),
        ("eyamlgpg get broken.eyaml x", ("get", "broken.eyaml", "x")),
        ("eyamlgpg get gone.eyaml x", ("get", "gone.eyaml", "x")),
    ],
)
def test_bash_copes_with_quotes_colons_and_mistakes(folder: Path, line: str, expected: tuple[str, ...]) -> None:
    setup = 'bind "set bell-style none"; eval "$(eyamlgpg completion bash)"; echo; echo ready'
    assert typed(["bash", "--norc", "--noprofile", "-i"], setup, line, folder) == words(*expected)


@zsh
@pytest.mark.parametrize(("line", "expected"), LINES[1::2], ids=[line for line, _ in LINES[1::2]])
def test_zsh_completes(folder: Path, line: str, expected: tuple[str, ...]) -> None:
    setup = (
        "PS1='@ '; unsetopt ZLE_RPROMPT PROMPT_SP BEEP; autoload -U compinit; compinit -D -u; "
        'eval "$(eyamlgpg completion zsh)"; echo; echo ready'
    )
    assert typed(["zsh", "-f", "-i"], setup, line, folder) == words(*expected)


@fish
def test_fish_completes(folder: Path) -> None:
    asked = "".join(f'; complete -C "{line}"; echo =====' for line, _ in LINES[::2])
    script = f"eyamlgpg completion fish | source{asked}"
    ran = subprocess.run(["fish", "--no-config", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    answers = [
        [line.split("\t")[0] for line in answer.splitlines()]
        for answer in ran.stdout.removesuffix("=====\n").split("=====\n")
    ]
    assert [expected[-1] in answer for answer, (_, expected) in zip(answers, LINES[::2], strict=True)] == [True] * 7
    assert ran.stderr == ""


def test_a_shell_that_is_not_known_is_wrong_usage(tool: Tool) -> None:
    ran = tool("completion", "csh")
    assert (ran.status, ran.out, ran.err.splitlines()[0]) == (
        2,
        b"",
        "eyamlgpg: Invalid value for 'SHELL': 'csh' is not one of 'bash', 'zsh', 'fish'.",
    )


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("eyamlgpg recipients ", ["list", "add", "remove", "replace", "pin", "sync", "sign", "verify", "lint"]),
        (
            "eyamlgpg get common.eyaml ",
            ["profile::db::password", "'a.b'.users.1", "profile::db::port", "'a.b'.users.0"],
        ),
        ("eyamlgpg recipients remove ", ["alice@example.com", "bob@example.com"]),
        ("eyamlgpg completion ", ["bash", "zsh", "fish"]),
    ],
)
def test_what_is_encrypted_or_used_most_is_offered_first(
    folder: Path, tool: Tool, line: str, offered: list[str]
) -> None:
    asked = {"_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": line}
    ran = tool(cwd=folder, environ=asked)
    assert (ran.status, ran.out.decode().splitlines(), ran.err) == (0, [f"plain,{one}" for one in offered], "")


def test_the_names_of_commands_are_told_without_importing_any(folder: Path) -> None:
    asked = {**os.environ, "_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": "eyamlgpg "}
    argv = [sys.executable, "-X", "importtime", "-m", "eyamlgpg"]
    ran = subprocess.run(argv, cwd=ROOT, env=asked, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "plain,encrypt" in ran.stdout.splitlines()
    assert not {name for name in imported if name.startswith(("eyamlgpg.operations", "eyamlgpg.gpg", "ruamel"))}


def test_a_nonsensical_question_of_a_shell_is_left_unanswered(tool: Tool) -> None:
    ran = tool(environ={"_EYAMLGPG_COMPLETE": "csh_complete"})
    assert (ran.status, ran.out, ran.err) == (1, b"", "")
    ran = tool(environ={"_EYAMLGPG_COMPLETE": "zsh_complete"})
    assert (ran.status, ran.out, ran.err) == (1, b"", "")


@pytest.mark.parametrize(
    "line",
    [
        "recipients add ",
        "recipients replace ",
        "recipients replace alice@example.com ",
        "keys list ",
        "keys sign ",
        "keys export ",
        "rotation ",
        "who --person ",
    ],
)
def test_people_of_the_whole_tree_are_offered_and_those_with_a_stored_key_first(
    folder: Path, tool: Tool, home: Callable[[str], Path], line: str
) -> None:
    dev = "puppetmaster-dev@example.com"
    store = folder / ".eyamlgpg" / "keys"
    store.mkdir(parents=True)
    assert tool("keys", "export", dev, "-o", str(store), home=home("alice"), cwd=folder).status == 0
    (store / "broken.asc").write_bytes(b"\xff")
    asked = {"_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": f"eyamlgpg {line}"}
    ran = tool(cwd=folder, environ=asked)
    people = [dev, "alice@example.com", "bob@example.com", "carol@example.com"]
    assert (ran.status, ran.out.decode().splitlines(), ran.err) == (0, [f"plain,{one}" for one in people], "")
