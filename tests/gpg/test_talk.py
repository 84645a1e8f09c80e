"""What a program of GnuPG says, and how long it may take: what it has started may live longer than itself."""

import subprocess

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg.talk import MOST, Talk


def started(script: str) -> "subprocess.Popen[bytes]":
    pipe = subprocess.PIPE
    return subprocess.Popen(["sh", "-c", script], stdin=pipe, stdout=pipe, stderr=pipe)


def test_patience_ends_where_a_program_of_its_own_keeps_stderr_open() -> None:
    with started("sleep 2 </dev/null >/dev/null & echo done; echo words >&2") as process:
        talk = Talk(process)
        with pytest.raises(subprocess.TimeoutExpired) as late:
            talk.communicate(b"", 0.3)
        assert late.value.stderr == b"words\n"
        assert talk.communicate() == (b"done\n", b"words\n")


def test_words_without_end_are_ended() -> None:
    with started("exec yes 'gpg: waiting for lock' >&2") as process, pytest.raises(GnupgError, match="without end"):
        Talk(process).communicate(b"")
    assert MOST < 1 << 30
