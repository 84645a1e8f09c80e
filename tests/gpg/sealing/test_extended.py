"""A message with readers added: everybody opens it, old readers and new ones, and its encrypted data is the same."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import DirectDecrypter
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from tests.support import keyrings
from tests.support.keyrings import NewKey
from tests.support.oracles import ORACLES

ALGORITHMS = ("rsa2048", "rsa3072", "cv25519", "nistp256", "nistp384", "nistp521")
FORMS = {
    "ours": (),
    "gpg": ("--compress-algo=none",),
    "compressed": ("--compress-algo=zlib",),
    "in parts": ("--compress-algo=none", "--set-filesize=0"),
    "AES-128": ("--cipher-algo=AES128",),
}
"""How the old message was made: by us, or by gpg with these options."""


class Team:
    """The old reader, and a newcomer with each kind of key, each with a home of their own."""

    def __init__(self, folder: Path) -> None:
        environ = keyrings.environment()
        self.home = keyrings.build(folder / "old", "empty")
        self.old = keyrings.make_key(self.home, NewKey("Old <old@example.com>"))
        self.homes: dict[str, Path] = {}
        self.secrets = {"old": self._secret(self.home)}
        self.fingerprints: dict[str, str] = {}
        for algorithm in ALGORITHMS:
            home = self.homes[algorithm] = keyrings.build(folder / algorithm, "empty")
            new = NewKey(f"New <{algorithm}@example.com>", subkeys=(algorithm,))
            self.fingerprints[algorithm] = keyrings.make_key(home, new)
            self.secrets[algorithm] = self._secret(home)
            keyrings.gpg(self.home, "--import", stdin=keyrings.gpg(home, "--export"))
        session = Session(self.home, environ)
        keyring = GnupgKeyring(session)
        self.keys = {str(key.fingerprint): key for key in tuple(keyring.keys())}
        self.encrypter = OpenpgpEncrypter(session, keyring)
        self.decrypter = DirectDecrypter(session, GnupgDecrypter(session, keyring), after=1)

    def _secret(self, home: Path) -> bytes:
        return keyrings.gpg(home, "--export-secret-keys")

    def subkey(self, name: str) -> Subkey:
        fingerprint = self.old if name == "old" else self.fingerprints[name]
        chosen = self.keys[fingerprint].encryption_subkey(datetime.now(UTC))
        assert chosen is not None
        return chosen

    def message(self, form: str, plaintext: bytes) -> bytes:
        if form == "ours":
            return self.encrypter.encrypt(plaintext, [self.subkey("old")])
        options = ["--trust-model=always", *FORMS[form], "--recipient", self.old, "--encrypt"]
        return keyrings.gpg(self.home, *options, stdin=plaintext)

    def extended(self, message: bytes, *names: str) -> bytes:
        """For the old reader and these."""
        newcomers = [self.subkey(name) for name in names]
        self.decrypter.decrypt(message)
        key = self.decrypter.session_key(message)
        assert key is not None
        made = self.encrypter.extend(message, key, newcomers, [self.subkey("old"), *newcomers])
        assert made is not None
        return made


@pytest.fixture(scope="module")
def team() -> Iterator[Team]:
    homes = keyrings.Homes()
    yield Team(homes.folder)
    homes.close()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("oracle", ORACLES)
def test_old_and_new_readers_open_it_by_every_program(team: Team, oracle: str, form: str) -> None:
    for size in (0, 1, 3000, 70_000):
        plaintext = secrets.token_bytes(size)
        old = team.message(form, plaintext)
        made = team.extended(old, *ALGORITHMS)
        assert data_packet(made) == data_packet(old)
        assert made.startswith(old[: -len(data_packet(old))])
        assert ORACLES[oracle](team.home, team.secrets["old"], made) == plaintext
        for algorithm in ALGORITHMS:
            assert ORACLES[oracle](team.homes[algorithm], team.secrets[algorithm], made) == plaintext


def test_who_was_added_can_add_the_next_one(team: Team) -> None:
    first = team.extended(team.message("gpg", b"secret"), "cv25519")
    key = team.decrypter.session_key(first)
    assert key is not None
    readers = [team.subkey(name) for name in ("old", "cv25519", "rsa2048")]
    made = team.encrypter.extend(first, key, readers[2:], readers)
    assert made is not None
    assert packets.read(made).key_ids == tuple(subkey.key_id for subkey in readers)
    for name in ("cv25519", "rsa2048"):
        assert ORACLES["gpg"](team.homes[name], b"", made) == b"secret"


def test_messages_with_one_header_have_one_afterwards(team: Team) -> None:
    """So that what the agent was asked once for stays one question."""
    first = team.message("ours", b"first")
    header = first[: -len(data_packet(first))]
    made = [team.extended(first, "cv25519", "rsa2048") for _ in range(2)]
    assert made[0] == made[1] != team.extended(team.message("ours", b"first"), "cv25519", "rsa2048")
    assert made[0].startswith(header)


def test_one_that_would_not_be_for_exactly_the_readers_is_not_made(team: Team) -> None:
    message = team.message("ours", b"x")
    team.decrypter.decrypt(message)
    key = team.decrypter.session_key(message)
    assert key is not None
    added = [team.subkey("cv25519")]
    assert team.encrypter.extend(message, key, added, added) is None
    assert team.encrypter.extend(message, key, added, [*added, team.subkey("rsa2048")]) is None
    again = team.extended(message, "cv25519")
    assert team.encrypter.extend(again, key, added, [team.subkey("old"), *added]) is None


def test_for_a_key_of_another_kind_it_is_not_made(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """gpg then makes a new message, since it does not take a session key."""
    message = team.message("ours", b"x")
    team.decrypter.decrypt(message)
    key = team.decrypter.session_key(message)
    assert key is not None
    monkeypatch.setattr("eyamlgpg.gpg.sealing.in_process.readers_of", lambda _exported, _subkeys: None)
    fresh = OpenpgpEncrypter(team.encrypter._session, team.encrypter._keyring)
    added = [team.subkey("cv25519")]
    assert fresh.extend(message, key, added, [team.subkey("old"), *added]) is None
