"""One gpg for many messages: what it opens, what it cannot, and what it leaves behind."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.stream import DEATHS, MessageStream
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from tests.support.keys import NOW

PLAINTEXTS = [b"x", b"", b"final newline\n", bytes(range(256)), b"y" * 1_000_000, b"z"]


class Alice:
    """Her home, and messages for anybody."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.session = Session(home, environ)
        self.keyring = GnupgKeyring(self.session)
        self.encrypter = OpenpgpEncrypter(self.session, self.keyring)

    def subkey(self, name: str) -> Subkey:
        key = next(key for key in tuple(self.keyring.keys()) if f"{name}@example.com" in str(key.user_ids))
        chosen = key.encryption_subkey(NOW)
        assert chosen
        return chosen

    def message(self, plaintext: bytes, *names: str) -> bytes:
        return self.encrypter.encrypt(plaintext, [self.subkey(name) for name in names or ("alice", "bob")])


@pytest.fixture
def alice(home: Callable[[str], Path], environ: dict[str, str]) -> Alice:
    return Alice(home("alice"), environ)


@pytest.fixture
def stream(alice: Alice, tmp_path: Path) -> Iterator[MessageStream]:
    with MessageStream(alice.session, tmp_path) as opened:
        yield opened


def test_messages_are_opened_one_after_another_by_one_gpg(alice: Alice, stream: MessageStream) -> None:
    processes = set()
    for plaintext in PLAINTEXTS:
        assert stream.open(alice.message(plaintext)) == plaintext
        processes.add(stream._gpg.pid if stream._gpg else None)
    assert len(processes) == 1


def test_what_cannot_be_opened_is_none_and_the_next_one_is(alice: Alice, stream: MessageStream) -> None:
    whole = alice.message(b"whole" * 100)
    flipped = whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:]
    for bad in (alice.message(b"x", "bob"), b"", b"hello", whole[:-5], flipped):
        assert stream.open(bad) is None
        assert stream.open(whole) == b"whole" * 100


def test_a_gpg_that_dies_is_replaced_and_not_for_ever(alice: Alice, stream: MessageStream) -> None:
    message = alice.message(b"x")
    for _ in range(DEATHS):
        assert stream.open(message) == b"x"
        assert stream._gpg
        stream._gpg.kill()
        stream._gpg.wait()
        assert stream.open(message) is None
    assert stream.open(message) is None
    assert stream._gpg is None


def test_the_plaintext_is_in_a_pipe_and_never_in_a_file(alice: Alice, stream: MessageStream, tmp_path: Path) -> None:
    assert stream.open(alice.message(b"geheim")) == b"geheim"
    kinds = {path.name: stat.S_IFMT(path.lstat().st_mode) for path in tmp_path.iterdir()}
    assert kinds == {"value": stat.S_IFIFO, "value.gpg": stat.S_IFREG}
    assert b"geheim" not in (tmp_path / "value.gpg").read_bytes()
    pipe = os.open(tmp_path / "value", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert os.read(pipe, 100) == b""
    finally:
        os.close(pipe)
