"""Both openers give the same for every message that was ever recorded, and the agent is asked for nearly all."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import WORKERS, GnupgDecrypter
from eyamlgpg.gpg.opening.direct import FEW, DirectDecrypter
from eyamlgpg.gpg.opening.own_keys import own_keys
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.messages import Decrypted
from tests.support import corpus
from tests.support import sealed_vectors as sealed
from tests.support.openers import CountingJudge
from tests.support.vectors import vectors

TOKEN = re.compile(rb"ENC\[(?:GPG,)?([A-Za-z0-9+/=\s]+)\]")


def recorded() -> list[bytes]:
    """The message of every value in the recorded corpus, once each, whatever is in it."""
    found: dict[bytes, None] = {}
    for path in sorted(corpus.FOLDER.rglob("*")):
        for base64 in TOKEN.findall(path.read_bytes()) if path.is_file() else ():
            try:
                found[b64decode(base64)] = None
            except Base64Error:
                continue
    return list(found)


def in_vectors() -> list[bytes]:
    """Odd messages, and those that are none."""
    return [*(b64decode(vector.content) for vector in vectors("packets")), *(one.message for one in sealed.every())]


def told(results: Sequence[Decrypted]) -> list[tuple[bytes | None, str, str]]:
    return [(result.plaintext, type(result.error).__name__, str(result.error)) for result in results]


@pytest.mark.parametrize("name", ["admin", "alice", "bob", "frank-only"])
@pytest.mark.parametrize("messages", [recorded(), in_vectors()], ids=["corpus", "vectors"])
def test_both_give_the_same(
    messages: list[bytes], name: str, home: Callable[[str], Path], environ: dict[str, str]
) -> None:
    session = Session(home(name), environ)
    gpg = GnupgDecrypter(session, GnupgKeyring(session))
    judge = CountingJudge(GnupgDecrypter(session, GnupgKeyring(session)))
    by_gpg = list(gpg.decrypt_many(messages))
    directly = list(DirectDecrypter(session, judge).decrypt_many(messages))
    assert told(directly) == told(by_gpg)
    if messages == recorded():
        opened = sum(result.error is None for result in by_gpg)
        failed = len(messages) - opened
        # The first ones, the first to each further key, and those that gpg was given ahead while it failed.
        most = FEW + len(own_keys(session)) + 2 * WORKERS
        assert len(judge.given) - failed <= most, "gpg opened what the agent could have"


def test_one_by_one_they_give_the_same(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    session = Session(home("admin"), environ)
    judge = CountingJudge(GnupgDecrypter(session, GnupgKeyring(session)))
    decrypter = DirectDecrypter(session, judge)
    for one in sealed.to_be_opened() * 2:
        assert decrypter.decrypt(one.message) == one.plaintext
    assert len(judge.given) <= 6
