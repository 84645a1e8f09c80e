"""A mistyped command line is answered with what is wrong and what was meant, on stderr, with status 2."""

import re

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
                "There is no command 'xyz'. There are: list, add, remove, replace, pin, sync, sign, verify, lint.",
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
    # Before click 8.4 the sentence about an option has a colon, and neither quotes nor a full stop.
    told = [re.sub(r"^No such option: (\S+)$", r"No such option '\1'.", line) for line in told]
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
    ("word", "meant"),
    [
        *(("version", "--version"), ("help", "--help"), ("createkeys", "keys generate")),
        *(("rekey", "recrypt"), ("view", "get"), ("cat", "decrypt -f"), ("insert", "set")),
        *(("import", "keys import"), ("lint", "recipients lint"), ("uninstall", "hook uninstall or git uninstall")),
        *(("list", "recipients list or keys list"), ("edti", "edit"), ("gte", "get"), ("rec", "recrypt or recipients")),
    ],
)
def test_the_word_of_another_program_or_place_leads_to_ours(tool: Tool, word: str, meant: str) -> None:
    ran = tool(word)
    assert (ran.status, ran.err.splitlines()[0].partition("'. ")[2]) == (2, f"Did you mean {meant}?")


@pytest.mark.parametrize("word", ["vault", "svn", "zzz"])
def test_a_word_that_is_near_to_nothing_is_no_typo(tool: Tool, word: str) -> None:
    assert f"There is no command '{word}'. There are: encrypt, " in tool(word).err


@pytest.mark.parametrize(
    "words",
    [
        *(["set", "f.eyaml", "key", "hunter2"], ["set", "f.eyaml", "key", "-p", "hunter2"]),
        *(["set", "f.eyaml", "key", "-s", "my", "hunter2"], ["set", "f.eyaml", "key", "--generate", "hunter2"]),
        *(["set", "f.eyaml", "key", "--hunter2"], ["set", "f.eyaml", "key", "--password=hunter2"]),
        *(["set", "f.eyaml", "key", "--generate", "7"], ["set", "f.eyaml", "key", "--generate", "4097"]),
        *(["encrypt", "hunter2"], ["encrypt", "-s", "my", "hunter2"], ["encrypt", "-p", "hunter2", "x"]),
        *(["encrypt", "-p", "--=hunter2"], ["encrypt", "-p", "--stdin=hunter2"], ["encrypt", "-l", "k", "hunter2"]),
        *(["get", "f.eyaml", "key", "hunter2"], ["edit", "f.eyaml", "hunter2"], ["decrypt", "hunter2"]),
    ],
)
def test_what_is_surplus_may_be_a_secret_and_is_not_repeated(tool: Tool, words: list[str]) -> None:
    ran = tool(*words)
    assert (ran.status, ran.out) == (2, b"")
    assert "hunter2" not in ran.err
    assert ran.err.endswith(f"`eyamlgpg {words[0]} --help` tells more\n")


def test_a_file_without_its_option_is_answered_with_the_option(tool: Tool) -> None:
    assert "A file is given by -f FILE or -e FILE" in tool("decrypt", "f.eyaml").err


@pytest.mark.parametrize("words", [["set", "-s"], ["encrypt", "-o"], ["keys", "sign", "--with"], ["who", "--person"]])
def test_an_option_without_its_value_points_to_the_help_of_its_command(tool: Tool, words: list[str]) -> None:
    ran = tool(*words)
    assert (ran.status, ran.err.splitlines()) == (
        2,
        [
            f"eyamlgpg: Option '{words[-1]}' requires an argument.",
            f"eyamlgpg:   `eyamlgpg {' '.join(words[:-1])} --help` tells more",
        ],
    )


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


@pytest.mark.parametrize(
    "group", [(), ("keys",), ("recipients",), ("hook",), ("git",)], ids=lambda group: " ".join(group) or "all"
)
def test_at_80_columns_no_command_is_told_by_half_a_sentence(
    tool: Tool, group: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = tool(*group, "--help").text.partition("Commands:\n")[2].splitlines()
    assert len(lines) > 2
    assert [line for line in lines if line.endswith("...")] == []
