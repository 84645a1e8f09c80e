"""A file that is named may be a pipe, as of bash's `<(command)`; what is to be written back may not."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.team import Team

ROOT = str(Path(__file__).parents[2])
TOO_LARGE = "is larger than 512 MiB, which is more than any file of this kind needs"


@pytest.fixture
def piped(team: Team) -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """Runs a line of bash in the team's folder, in which `eyamlgpg` is ours."""

    def run(line: str) -> "subprocess.CompletedProcess[bytes]":
        function = f'eyamlgpg() {{ "{sys.executable}" -m eyamlgpg "$@"; }}\n'
        environ = {**keyrings.environment(), "GNUPGHOME": str(team.home), "PYTHONPATH": ROOT}
        return subprocess.run(
            ["bash", "-c", function + line],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env=environ,
            cwd=team.folder,
        )

    return run


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("eyamlgpg decrypt -s $(eyamlgpg encrypt -f <(printf 'a\\n') -o string)", b"a\n"),
        ("eyamlgpg decrypt -f <(eyamlgpg encrypt -f <(printf b) -o string)", b"b"),
        ("eyamlgpg decrypt -e <(eyamlgpg encrypt -e <(echo 'k: DEC::GPG[c]!'))", b"k: DEC::GPG[c]!\n"),
        ("eyamlgpg get <(eyamlgpg encrypt -e <(echo 'k: DEC::GPG[d]!')) k", b"d"),
        ("printf e | eyamlgpg encrypt -f /dev/stdin -o string | eyamlgpg decrypt -f /dev/stdin", b"e"),
        ("mkfifo p; printf f > p & sleep .1; eyamlgpg decrypt -s $(eyamlgpg encrypt -f p -o string)", b"f"),
    ],
)
def test_what_comes_out_of_a_pipe_is_taken_byte_for_byte(
    piped: Callable[..., "subprocess.CompletedProcess[bytes]"], line: str, out: bytes
) -> None:
    """Its recipients are those of the working directory, as for standard input."""
    done = piped(line)
    assert (done.returncode, done.stdout, done.stderr) == (0, out, b"")


@pytest.mark.parametrize("words", [["encrypt", "-i", "-e", "p"], ["edit", "p"], ["set", "p", "k", "-s", "x"]])
def test_a_pipe_that_cannot_be_written_back_is_refused_unread(team: Team, words: list[str]) -> None:
    os.mkfifo(team.folder / "p")
    ran = team.run(*words)
    assert (ran.status, "p: is a pipe or a device, not a file" in ran.err) == (3, True)


@pytest.mark.parametrize("words", [["decrypt", "-f", "big"], ["encrypt", "-f", "big"], ["get", "big", "k"]])
def test_an_input_that_no_memory_holds_is_refused_unread(team: Team, words: list[str]) -> None:
    with (team.folder / "big").open("wb") as file:
        file.truncate(8 << 30)
    for name in (words, ["edit", "big"], ["set", "big", "k", "-s", "x"], ["encrypt", "-i", "-e", "big"]):
        ran = team.run(*name)
        assert (ran.status, ran.err) == (3, f"eyamlgpg: big: {TOO_LARGE}\n")


def test_a_pipe_without_an_end_is_given_up(team: Team) -> None:
    """It is closed as soon as it has given more than any value holds."""
    os.mkfifo(team.folder / "p")
    given = []

    def pour() -> None:
        with (team.folder / "p").open("wb", buffering=0) as pipe:
            try:
                while True:
                    given.append(pipe.write(bytes(1 << 20)))
            except BrokenPipeError:
                return

    writer = threading.Thread(target=pour)
    writer.start()
    ran = team.run("encrypt", "-f", "p")
    writer.join()
    assert (ran.status, ran.err) == (3, f"eyamlgpg: p: {TOO_LARGE}\n")
    assert sum(given) < 560 << 20


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["check", "a.eyaml"],
        ["check", "--staged"],
        ["who"],
        ["recrypt"],
        ["recipients", "list"],
        ["recipients", "lint"],
        ["recipients", "pin"],
        ["encrypt", "-s", "x", "--for"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["p", "/dev/stdin", "/dev/null"])
def test_a_pipe_or_a_device_is_no_place_in_a_tree_and_is_told_by_its_own_name(
    team: Team, command: list[str], name: str
) -> None:
    """Never as `/proc/1234/fd/pipe:[5678]`, and never as a tree of no files in which nothing is found."""
    os.mkfifo(team.folder / "p")
    ran = subprocess.run(
        [sys.executable, "-m", "eyamlgpg", *command, name],
        input=b"db::password: Kirschkuchen9\n",
        capture_output=True,
        check=False,
        env={**keyrings.environment(), "GNUPGHOME": str(team.home), "PYTHONPATH": ROOT},
        cwd=team.folder,
    )
    assert (ran.returncode, ran.stdout) == (3, b"")
    assert ran.stderr.decode().splitlines() == [
        f"eyamlgpg: {name}: is a pipe or a device, not a file",
        "eyamlgpg:   save what comes from it in a file first",
    ]
