"""Standard input, output and error that are closed or full: the work is done, and the status is true."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support import corpus, keyrings
from tests.support.keyrings import known

ROOT = str(Path(__file__).parents[2])
FULL = "No space left on device"


def ran(words: str, home: Path, **more: str) -> tuple[int, str, str]:
    """Status, stdout and stderr of `eyamlgpg WORDS`, which a shell reads: they may hold redirections."""
    environ: Mapping[str, str] = {**keyrings.environment(), "GNUPGHOME": str(home), "PYTHONPATH": ROOT, **more}
    shell = ["sh", "-c", f'"{sys.executable}" -m eyamlgpg {words}']
    done = subprocess.run(shell, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True, env=environ)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def value(tmp_path: Path) -> str:
    """The words that print a value whose home others may enter, which is worth a warning."""
    file = tmp_path / "a.eyaml"
    file.write_bytes((corpus.FOLDER / "tree/layouts/string.eyaml").read_bytes())
    return f"decrypt -f {file}"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("encrypt --stdin --gpg-recipients {alice} <&-", 3, "standard input: is closed"),
        ("get - key <&-", 3, "standard input: is closed"),
        ("{value} >&-", 3, "standard output: is closed"),
        ("{value} >/dev/full", 3, f"standard output: {FULL}"),
        ("--version >/dev/full", 3, f"input or output: {FULL}"),
        ("encrypt --help >/dev/full", 3, f"input or output: {FULL}"),
    ],
)
def test_a_stream_that_is_closed_or_full_is_told_in_one_sentence(
    home: Callable[[str], Path], value: str, words: str, status: int, said: str
) -> None:
    written = words.format(alice=known("alice").fingerprint, value=value)
    assert ran(written, home("alice")) == (status, "", f"eyamlgpg: {said}\n")


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(("words", "status"), [("nonsense", 2), ("", 2), ("get /nowhere key", 3)])
def test_an_error_that_cannot_be_shown_keeps_its_status_and_stays_off_stdout(
    home: Callable[[str], Path], words: str, status: int, stderr: str
) -> None:
    assert ran(f"{words} {stderr}", home("alice")) == (status, "", "")


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
def test_a_warning_that_cannot_be_shown_ends_nothing_and_stays_off_stdout(
    home_copy: Callable[[str], Path], value: str, stderr: str
) -> None:
    home = home_copy("alice")
    plain = ran(value, home)
    home.chmod(0o755)
    assert plain[0] == 0
    assert ran(f"{value} {stderr}", home) == (0, plain[1], "")
    assert "warning" in ran(value, home)[2]


def test_what_is_opened_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """Else what a child says to its stderr would end up in the user's file."""
    file = tmp_path / "file"
    program = f"from eyamlgpg.host import streams; streams.occupy(); print(open({str(file)!r}, 'w').fileno() > 2)"
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -c "$0" <&- 2>&-', program],
        capture_output=True,
        check=False,
        text=True,
        env={**keyrings.environment(), "PYTHONPATH": ROOT},
    )
    assert (done.returncode, done.stdout) == (0, "True\n")


def test_a_question_that_cannot_be_shown_is_not_asked() -> None:
    program = """
from eyamlgpg.errors import QuestionError
from eyamlgpg.host.terminal import ask
try:
    ask("Really?")
except QuestionError as error:
    print(error.sentence)
"""
    done = subprocess.run(
        ["sh", "-c", f'echo y | "{sys.executable}" -c "$0" 2>/dev/full', program],
        capture_output=True,
        check=False,
        text=True,
        env={**keyrings.environment(), "PYTHONPATH": ROOT},
    )
    assert (done.returncode, done.stdout) == (0, f"a question cannot be shown: {FULL}\n")


@pytest.mark.parametrize(
    "words",
    [
        *("--help", "--version", "set --help", "completion bash", "{value}", "get {file} plain", "who {folder}"),
        *("encrypt -s x --gpg-recipients {alice}", "check {folder}", "recrypt --check {folder}", "keys list"),
        *("recipients list {folder}", "recipients lint {folder} --format json", "keys check"),
    ],
)
def test_a_reader_that_went_away_is_neither_a_success_nor_a_finding(
    home: Callable[[str], Path], value: str, tmp_path: Path, words: str
) -> None:
    """Status 1 is for findings and for work that is due; a pipe that broke says nothing of either."""
    (tmp_path / "hiera-eyaml-gpg.recipients").write_text(f"{known('alice').fingerprint}\n")
    alice, file = known("alice").fingerprint, tmp_path / "a.eyaml"
    written = words.format(alice=alice, value=value, folder=tmp_path, file=file)
    reader, writer = os.pipe()
    os.close(reader)
    environ = {**keyrings.environment(), "GNUPGHOME": str(home("alice")), "PYTHONPATH": ROOT}
    done = subprocess.run(
        [sys.executable, "-m", "eyamlgpg", *shlex.split(written)],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
        env=environ,
        cwd=tmp_path,
    )
    os.close(writer)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
