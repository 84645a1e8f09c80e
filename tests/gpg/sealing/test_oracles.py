"""What is sealed here, everybody opens: each kind of key, each size, each number of readers, by three programs."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing.in_process import readers_of, seal
from eyamlgpg.gpg.sealing.pkesk import Reader
from eyamlgpg.gpg.session import Session
from tests.support import keyrings
from tests.support.keyrings import NewKey
from tests.support.oracles import ORACLES, others

ALGORITHMS = ("rsa2048", "rsa3072", "cv25519", "nistp256", "nistp384", "nistp521")
SIZES = (0, 1, 4 << 10, 64 << 10, 1 << 20)
COUNTS = (1, 3, 60)


@dataclass(frozen=True)
class Owner:
    """One key, ready to be encrypted to, and its secret part for other programs."""

    home: Path
    reader: Reader
    secret: bytes


@pytest.fixture(scope="module")
def owners() -> Iterator[Callable[[str], Owner]]:
    homes = keyrings.Homes()
    made: dict[str, Owner] = {}

    def owner(algorithm: str) -> Owner:
        if algorithm not in made:
            made[algorithm] = _made(keyrings.build(homes.folder / algorithm, "empty"), algorithm)
        return made[algorithm]

    yield owner
    homes.close()


def _made(home: Path, algorithm: str) -> Owner:
    keyrings.make_key(home, NewKey(subkeys=(algorithm,)))
    keyring = GnupgKeyring(Session(home, keyrings.environment()))
    subkey = keyring.keys()[0].encryption_subkey(datetime.now(UTC))
    assert subkey is not None
    readers = readers_of(keyring.export([subkey]), [subkey])
    assert readers is not None
    return Owner(home, readers[0], keyrings.gpg(home, "--export-secret-keys"))


@pytest.fixture(scope="module")
def crowd() -> list[Reader]:
    return others(max(COUNTS) - 1)


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_size_for_every_number_of_readers_opens(
    owners: Callable[[str], Owner], crowd: list[Reader], algorithm: str, oracle: str
) -> None:
    """The owner of the key stands in the middle of the readers."""
    owner = owners(algorithm)
    for size in SIZES:
        for count in COUNTS:
            plaintext = secrets.token_bytes(size)
            readers = [*crowd[: count // 2], owner.reader, *crowd[count // 2 : count - 1]]
            assert len(readers) == count
            opened = ORACLES[oracle](owner.home, owner.secret, seal(plaintext, readers))
            assert opened == plaintext, (size, count)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_many_messages_to_one_key_open(owners: Callable[[str], Owner], algorithm: str) -> None:
    """Numbers with leading zeros are among them: one in 256 has a zero octet in front."""
    owner = owners(algorithm)
    for _ in range(600):
        plaintext = secrets.token_bytes(20)
        assert ORACLES["Sequoia"](owner.home, owner.secret, seal(plaintext, [owner.reader])) == plaintext
