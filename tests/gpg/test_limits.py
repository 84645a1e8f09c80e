"""Messages that unfold to far more than they are: refused, and never held."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from eyamlgpg.errors import OversizedPlaintext
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model import limits
from tests.support import keyrings
from tests.support.openers import OPENERS

MEBIBYTE = limits.MEBIBYTE


def zeros(home: Path, fingerprint: str, size: int) -> bytes:
    """A message that is all zeros, compressed by bzip2."""
    options = ["--trust-model=always", "--compress-algo=bzip2", "--recipient", fingerprint, "--encrypt"]
    return keyrings.gpg(home, *options, stdin=bytes(size))


@pytest.fixture
def own(fresh_home: Path) -> tuple[Path, str]:
    return fresh_home, keyrings.make_key(fresh_home)


def test_a_plaintext_beyond_the_limit_is_an_error_that_names_it(
    own: tuple[Path, str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PLAINTEXT", 2 * MEBIBYTE)
    decrypter = GnupgDecrypter(Session(own[0], environ))
    assert decrypter.decrypt(zeros(*own, 2 * MEBIBYTE)) == bytes(2 * MEBIBYTE)
    for size in (2 * MEBIBYTE + 1, 3 * MEBIBYTE, 3 * MEBIBYTE + 1, 30 * MEBIBYTE):
        with pytest.raises(OversizedPlaintext, match="to more than 2 MiB") as caught:
            decrypter.decrypt(zeros(*own, size))
        assert caught.value.status == 4


def test_a_long_plaintext_among_many_is_opened_alone_and_all_together_are_bounded(
    own: tuple[Path, str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", MEBIBYTE)
    monkeypatch.setattr(limits, "TOGETHER", 7 * MEBIBYTE)
    messages = [zeros(*own, 10), *[zeros(*own, 3 * MEBIBYTE)] * 3, zeros(*own, 10)]
    results = list(GnupgDecrypter(Session(own[0], environ)).decrypt_many(messages))
    assert [len(result.plaintext or b"") for result in results] == [10, 3 * MEBIBYTE, 3 * MEBIBYTE, 0, 0]
    assert {str(result.error) for result in results[3:]} == {
        "together they unfold to more than 7 MiB, which is refused"
    }


def test_one_by_one_there_is_no_bound_on_the_sum(
    own: tuple[Path, str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a run that lets go of each; and gpg 2.2 counts all plaintexts of a process together for `max-output`."""
    monkeypatch.setattr(limits, "TOGETHER", 250_000)
    (own[0] / "gpg.conf").write_text("max-output 250000\n")
    messages = [zeros(*own, 100_000)] * 5
    for opener in OPENERS.values():
        decrypter = opener(session := Session(own[0], environ), GnupgKeyring(session))
        assert [result.plaintext for result in decrypter.open_each(messages)] == [bytes(100_000)] * 5


OPENED = textwrap.dedent("""\
    import os, resource, sys
    from pathlib import Path
    from eyamlgpg.errors import OversizedPlaintext
    from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
    from eyamlgpg.gpg.session import Session

    home = Path(sys.argv[1])
    try:
        GnupgDecrypter(Session(home, os.environ)).decrypt((home / "message").read_bytes())
    except OversizedPlaintext as error:
        print(error, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    """)
"""Opens a message, and says what came of it and how many MiB that took."""


def test_a_bomb_is_refused_in_bounded_memory(own: tuple[Path, str], environ: dict[str, str]) -> None:
    home, fingerprint = own
    (home / "message").write_bytes(zeros(home, fingerprint, 400 * MEBIBYTE))
    assert (home / "message").stat().st_size < 10_000
    ran = subprocess.run([sys.executable, "-c", OPENED, home], env=environ, capture_output=True, check=True)
    *sentence, memory = ran.stdout.decode().split()
    assert " ".join(sentence) == "it unfolds to more than 256 MiB, which is refused"
    assert int(memory) < 900
