"""Small trees of Hiera data on the disk, their values fake messages, and a run over them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.model.keys import Key, KeyId
from eyamlgpg.operations.readers.recrypt import Progress, Recryption, recrypt
from eyamlgpg.operations.readers.recrypt_plan import Plan, RecryptRequest, make_plan
from eyamlgpg.operations.tree.governance import DiskLists, Governance
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles
from tests.support.fakes import FakeDecrypter, FakeEncrypter, FakeRecrypter, fake_message
from tests.support.keys import ALICE, NOW, RING, resolver

DUE = RecryptRequest()
"""What is due and nothing more."""


def key_id(key: Key) -> KeyId:
    """Of the subkey that gpg would encrypt to."""
    chosen = key.encryption_subkey(NOW)
    assert chosen
    return chosen.key_id


def value(plaintext: str, *readers: Key | str) -> str:
    """A one-line token for these people; a `str` is a bare key ID."""
    key_ids = [reader if isinstance(reader, str) else key_id(reader) for reader in readers]
    return tokens.render(fake_message(plaintext.encode(), key_ids), layout=None)


@dataclass
class Tree:
    """A tree in a folder without git; we are Alice, and have her secret key only."""

    root: Path
    ring: tuple[Key, ...] = RING
    recrypter: FakeRecrypter = field(
        default_factory=lambda: FakeRecrypter(FakeDecrypter(frozenset({key_id(ALICE)})), FakeEncrypter())
    )
    watched: list[Progress] = field(default_factory=list)

    def write(self, name: str, text: str) -> Path:
        """A file with this text."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def governs(self, folder: str, *readers: Key | str) -> Path:
        """A recipients file; a `str` is a line as it stands."""
        lines = [reader if isinstance(reader, str) else reader.fingerprint for reader in readers]
        return self.write(f"{folder}/{RECIPIENTS_FILE}", "".join(f"{line}\n" for line in lines))

    def governance(self) -> Governance:
        """What governs the folders now."""
        return Governance(DiskLists(RecipientsRequest(), TreeFiles()), resolver(self.ring))

    def plan(self, *paths: Path, request: RecryptRequest = DUE) -> Plan:
        """What is due at the paths, by default in the whole tree."""
        files = TreeFiles()
        return make_plan(select_files(paths or (self.root,), Trees({}), files), request, self.governance(), files)

    def recrypt(
        self,
        *paths: Path,
        request: RecryptRequest = DUE,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Recryption:
        """Plan, let something happen, and carry it out."""
        plan = self.plan(*paths, request=request)
        meanwhile()
        return recrypt(plan, request, TreeFiles(), self.recrypter, self.watched.append)

    def readers(self, path: Path) -> list[set[KeyId]]:
        """The key IDs of each value of a file."""
        return [set(packets.read(message).key_ids) for message in self.messages(path)]

    def messages(self, path: Path) -> list[bytes]:
        """Of each value of a file."""
        return [found.token.message() for found in find_values(path.read_text()).values]

    def opened(self, path: Path) -> list[bytes]:
        """What each value of a file holds, whoever it is for."""
        everybody = FakeDecrypter(frozenset(key_id(key) for key in self.ring))
        return [everybody.decrypt(message) for message in self.messages(path)]


def key_ids(keys: Iterable[Key]) -> set[KeyId]:
    """Of everybody's encryption subkey."""
    return {key_id(key) for key in keys}


def with_secret(key: Key) -> Key:
    """The same key, its secret part here."""
    return replace(key, subkeys=tuple(replace(subkey, has_secret=True) for subkey in key.subkeys))


def names(plan: Plan, root: Path) -> Sequence[str]:
    """Of the files that have values due, from the root."""
    return [str(planned.file.path.relative_to(root)) for planned in plan.files]
