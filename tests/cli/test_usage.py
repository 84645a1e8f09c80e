"""A mistyped command line is answered with what is wrong and what was meant, on stderr, with status 2."""

import pytest

from tests.support.tool import Tool


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["recipiens"], ["There is no command 'recipiens'. Did you mean recipients?", "`eyamlgpg --help` tells more"]),
        (
            ["recipients", "lst"],
            ["There is no command 'lst'. Did you mean list?", "`eyamlgpg recipients --help` tells more"],
        ),
        (
            ["recipients", "xyz"],
            [
                "There is no command 'xyz'. There are: list, add, remove, replace, pin, lint.",
                "`eyamlgpg recipients --help` tells more",
            ],
        ),
        (
            ["-v", "edit", "a.eyaml"],
            [
                "No such option '-v'.",
                "options stand behind the command: eyamlgpg COMMAND -v",
                "`eyamlgpg --help` tells more",
            ],
        ),
        (["completion"], ["Missing argument 'SHELL'. Choose from: bash, zsh, fish"]),
        (["recipients", "add"], ["Missing argument 'ID...'.", "`eyamlgpg recipients add --help` tells more"]),
    ],
)
def test_a_mistake_is_named_with_what_helps(tool: Tool, words: list[str], lines: list[str]) -> None:
    ran = tool(*words)
    told = [line.removeprefix("eyamlgpg: ").strip() for line in ran.err.splitlines()]
    assert (ran.status, ran.out, told[: len(lines)]) == (2, b"", lines)


@pytest.mark.parametrize("option", ["--stdn", "--strin", "--recipients"])
def test_an_option_that_does_not_exist_is_named(tool: Tool, option: str) -> None:
    ran = tool("encrypt", option, "x")
    first, *_, last = ran.err.splitlines()
    assert (ran.status, ran.out) == (2, b"")
    assert first.startswith("eyamlgpg: No such option")
    assert option in first
    assert last == "eyamlgpg:   `eyamlgpg encrypt --help` tells more"


@pytest.mark.parametrize("words", [[], ["recipients"], ["keys"]])
def test_without_a_command_the_help_is_shown_on_stderr(tool: Tool, words: list[str]) -> None:
    ran = tool(*words)
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.startswith(" ".join(["Usage: eyamlgpg", *words, "[OPTIONS] COMMAND [ARGS]..."]))
    assert tool(*words, "--help").out.decode().rstrip() == ran.err.rstrip()


@pytest.mark.parametrize(
    "words",
    [
        *(["check", ""], ["recrypt", ""], ["who", "a.eyaml", ""], ["edit", ""], ["get", "", "k"], ["set", "", "k"]),
        *(["decrypt", "-f", ""], ["encrypt", "-e", ""], ["check", "--baseline", ""], ["recipients", "lint", ""]),
    ],
)
def test_an_empty_name_is_no_path(tool: Tool, words: list[str]) -> None:
    ran = tool(*words)
    assert (ran.status, ran.out) == (2, b"")
    assert "an empty name is no path" in ran.err


@pytest.mark.parametrize(
    "words", [("who",), ("check",), ("recipients", "list"), ("recipients", "lint"), ("recipients", "pin")]
)
def test_a_command_that_encrypts_nothing_does_not_speak_of_encrypting_to_somebody(
    tool: Tool, words: tuple[str, ...]
) -> None:
    ran = tool(*words, "--help")
    assert ran.status == 0
    assert b"--gpg-always-trust" in ran.out
    assert b"Encrypt to" not in ran.out
