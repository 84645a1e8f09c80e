"""Tab never puts anything into a line that the next Enter runs, whatever keys and files are called."""

import os
import shutil
import sys
import time
from pathlib import Path

import pexpect
import pytest
from click.shell_completion import CompletionItem

from eyamlgpg.cli.completion.shells import _is_harmless, is_in_quotes
from tests.cli.completion.test_shells import ROOT
from tests.support.tool import Tool

PROGRAM = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from eyamlgpg.cli.main import main
try:
    sys.exit(main())
finally:
    with open({{answered!r}}, "ab") as answered:
        answered.write(b".")
"""
"""The program, which counts its answers in a file."""

CANARY = "touch PWNED"
HOSTILE = [
    f"a$({CANARY})",
    f"b`{CANARY}`",
    f'c"; {CANARY}; "',
    f"d'; {CANARY}; '",
    f"e; {CANARY}",
    f"f\\$({CANARY})",
    f"g\n{CANARY}\n",
    f"h!{CANARY}",
    f"i({CANARY})",
    f"j\"$({CANARY})'$({CANARY})",
    "k~root",
    "l*",
]
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'bind "set bell-style none"; eval "$(eyamlgpg completion bash)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PS1='@ '; unsetopt PROMPT_SP BEEP; autoload -U compinit; compinit -D -u; eval \"$(eyamlgpg completion zsh)\"",
    ),
    "fish": (["fish", "--no-config", "-i"], "eyamlgpg completion fish | source"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where keys and file names are commands, beside plain ones, and the program on PATH."""
    program = tmp_path / "bin" / "eyamlgpg"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(answered=str(tmp_path / "answered")))
    (tmp_path / "answered").touch()
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    working = tmp_path / "work"
    working.mkdir()
    keys = "".join(f"? {_quoted(key)}\n: v\n" for key in HOSTILE)
    (working / "x.eyaml").write_text(f"{keys}plain::key: v\n")
    for name in HOSTILE:
        (working / name).write_text("a: v\n")
    return working


def _quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.mark.parametrize("quote", ["", '"', "'"], ids=["bare", "double", "single"])
@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_key_or_a_file_is_called_is_never_run(folder: Path, shell: str, quote: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    argv, setup = SHELLS[shell]
    environ = {**os.environ, "TERM": "dumb", "PS1": "@ ", "INPUTRC": "/dev/null", "LC_ALL": "C.UTF-8"}
    environ["HOME"] = environ["XDG_CONFIG_HOME"] = environ["XDG_DATA_HOME"] = str(folder.parent)
    terminal = pexpect.spawn(
        argv[0], argv[1:], cwd=str(folder), env=environ, encoding="utf-8", timeout=30, dimensions=(40, 400)
    )
    try:
        terminal.sendline(f"{setup}; echo rea''dy")
        terminal.expect_exact("ready\r\n")
        for number, before in enumerate(("eyamlgpg get x.eyaml ", "eyamlgpg get ") * len(HOSTILE)):
            answers = _answers(folder)
            terminal.send(f"{before}{quote}{HOSTILE[number // 2][0]}\t")
            _wait_for_more(answers, folder)
            terminal.send("\r")
            _back_at_the_prompt(terminal, f"ne{number}")
            assert not (folder / "PWNED").exists(), HOSTILE[number // 2]
    finally:
        terminal.close(force=True)


def _answers(folder: Path) -> int:
    return (folder.parent / "answered").stat().st_size


def _wait_for_more(answers: int, folder: Path) -> None:
    """Until the program has answered and the shell has put that into its line; some words a shell completes itself."""
    end = time.monotonic() + 2
    while _answers(folder) == answers and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.1)


def _back_at_the_prompt(terminal: "pexpect.spawn[str]", word: str) -> None:
    """Break off whatever runs or waits for a closing quote; the terminal may drop what is typed right behind that."""
    for _ in range(10):
        time.sleep(0.05)
        terminal.send("\x03")
        time.sleep(0.05)
        terminal.sendline(f"echo do''{word}")
        if terminal.expect_exact([f"do{word}\r\n", pexpect.TIMEOUT], timeout=2) == 0:
            return
    raise AssertionError(str(terminal.before))


@pytest.mark.parametrize("quote", ["", '"', "'"])
@pytest.mark.parametrize("shell", SHELLS)
def test_between_quotes_only_plain_keys_are_offered(folder: Path, tool: Tool, shell: str, quote: str) -> None:
    def offered(typed: str) -> str:
        line = f"eyamlgpg get x.eyaml {quote}{typed}"
        asked = {"COMP_LINE": line} if shell == "bash" else {"COMP_WORDS": line, "COMP_CWORD": f"{quote}{typed}"}
        if shell == "zsh":
            asked |= {"COMP_CWORD": "3", "COMP_QUOTE": quote}
        ran = tool(cwd=folder, environ={"_EYAMLGPG_COMPLETE": f"{shell}_complete", **asked})
        assert ran.status == 0
        return ran.out.decode()

    assert "plain::key" in offered("pl")
    bare = [key for key in HOSTILE if CANARY in key and key.isprintable() and not {"'", '"'} & set(key)]
    assert [CANARY in offered(key[0]) for key in bare] == [quote == ""] * 6
    assert CANARY not in offered("g")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("get x a", False),
        ('get x "a', True),
        ("get x 'a b", True),
        ("get 'x' a", False),
        (r"get x \"a", False),
        (r'get x "\"a', True),
        (r"get x a'b'c", True),
        (r"get x 'a\' b", False),
        ('get x a"', True),
    ],
)
def test_a_word_is_in_quotes_while_one_stands_in_it(line: str, expected: bool) -> None:
    assert is_in_quotes(line) == expected


def test_a_comment_beside_an_offer_cannot_play_with_the_terminal() -> None:
    item = CompletionItem("alice@example.com", help="Alice \x1b]0;x\x07\nAnders")
    assert (_is_harmless(item, in_quotes=True), item.help) == (True, "Alice ?]0;x??Anders")


@pytest.mark.parametrize(
    ("line", "kind"),
    [("eyamlgpg get ", "file"), ('eyamlgpg get "a b', "quoted-file"), ("eyamlgpg get 'a", "quoted-file")],
)
def test_bash_is_told_that_a_name_stands_between_quotes(tool: Tool, folder: Path, line: str, kind: str) -> None:
    """bash 5.3 does not escape there, so our function then lets it complete no names of files."""
    ran = tool(cwd=folder, environ={"_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": line})
    assert {told.partition(",")[0] for told in ran.text.splitlines()} == {kind}
