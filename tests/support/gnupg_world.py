"""The operations of a modelled tree with real gpg: alice works, and whoever has all keys looks at what she made."""

from collections.abc import Callable
from pathlib import Path

from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.recrypting.recrypter import Effort, GnupgRecrypter
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import KeyId, Subkey
from tests.support.fakes import FakePkcs7
from tests.support.keyrings import known
from tests.support.keys import NOW
from tests.support.model_files import Slot
from tests.support.model_tree import Somebody
from tests.support.model_worlds import FakeWorld
from tests.support.openers import OPENERS

PEOPLE = ("alice", "bob", "carol", "malice")


class GnupgWorld(FakeWorld):
    """As `FakeWorld`, with the gateways in the place of their fakes; nobody's keys change."""

    def __init__(self, home: Callable[[str], Path], environ: dict[str, str]) -> None:
        super().__init__()
        session = Session(home("alice"), environ)
        keyring = GnupgKeyring(session)
        encrypter, opener = OpenpgpEncrypter(session, keyring), OPENERS["direct"](session, keyring)
        self.opener, self.encrypter = opener, encrypter
        self.recrypter = GnupgRecrypter(keyring, opener, encrypter, Effort())
        self._sealer = encrypter
        self._tree.ring = tuple(keyring.keys())
        whole = Session(home("admin"), environ)
        self._everybody = OPENERS["direct"](whole, GnupgKeyring(whole))

    def people(self) -> dict[str, Somebody]:
        return {name: Somebody((KeyId(known(name).encryption_key_id),)) for name in PEOPLE}

    def line(self, person: str, *, by_address: bool) -> str:
        return f"{person}@example.com" if by_address else known(person).fingerprint

    def token(self, slot: Slot) -> str:
        return tokens.render(self._sealer.encrypt(slot.plaintext, self._subkeys(slot)), layout=None)

    def _subkeys(self, slot: Slot) -> list[Subkey]:
        chosen = (key.encryption_subkey(NOW) for key in self._tree.ring)
        return [subkey for subkey in chosen if subkey is not None and subkey.key_id in slot.readers]

    def opened(self, message: bytes) -> tuple[bytes, frozenset[KeyId]]:
        if message[:1] == b"0":
            return FakePkcs7(opens=True).decrypt(message), frozenset()
        return self._everybody.decrypt(message), frozenset(packets.read(message).key_ids)
