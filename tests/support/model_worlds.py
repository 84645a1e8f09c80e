"""Where the commands of a modelled tree are carried out: operations over fakes."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from eyamlgpg.errors import EditorError, EyamlgpgError
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.host.signals import Signalled
from eyamlgpg.model.keys import Key, KeyId, Validity
from eyamlgpg.operations.readers.access import AccessRequest
from eyamlgpg.operations.readers.recrypt import Progress, recrypt
from eyamlgpg.operations.readers.recrypt_plan import RecryptRequest
from eyamlgpg.operations.readers.who import report_access
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.operations.values.edit import EditPorts, EditRequest, edit
from eyamlgpg.operations.values.in_place import InPlaceRequest, encrypt_in_place
from eyamlgpg.operations.values.set import SetRequest, set_value
from eyamlgpg.trees.around import Trees
from eyamlgpg.trees.files import TreeFiles
from tests.support.fakes import FakeDecrypter, FakeEncrypter, FakePkcs7, FakeRecrypter, fake_message
from tests.support.keys import ALICE, BOB, CAROL, LAST_YEAR, MALICE, key, subkey
from tests.support.model_files import Slot
from tests.support.model_tree import Somebody
from tests.support.trees import Tree, key_id, with_secret

if TYPE_CHECKING:
    from eyamlgpg.operations.ports import Decrypter, Encrypters, Recrypter

Visit = Callable[[str], str | None]
"""What somebody does in the editor: from the text that it shows to what is saved; None for an editor that fails."""


class World(Protocol):
    """Carries out commands; each tells whether all went well."""

    root: Path

    def edit(self, name: str, visits: Sequence[Visit], only: Sequence[str], *, preamble: bool) -> bool:
        """`edit`: after an error the editor is left for good once there is no further visit."""
        ...

    def set(self, name: str, key: str, plaintext: bytes) -> bool:
        """`set`."""
        ...

    def encrypt_in_place(self, name: str, keys: Sequence[str]) -> bool:
        """`encrypt -i`."""
        ...

    def recrypt(self, places: Sequence[str], *, every: bool, fresh: bool, stop_after: int | None) -> bool:
        """`recrypt`, which a signal ends after so many values."""
        ...

    def due(self, places: Sequence[str]) -> int:
        """How many values `recrypt --check` finds."""
        ...

    def standings(self) -> tuple[int, int, int]:
        """What `who` counts: values in line, not in line, and not judged."""
        ...

    def opened(self, message: bytes) -> tuple[bytes, frozenset[KeyId]]:
        """What a new message holds, and for whom it is."""
        ...


class FakeWorld:
    """Operations over the fakes of the gateways."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.root = Path(self._folder.name).resolve()
        self._tree = Tree(self.root)
        fake = self._tree.recrypter.decrypter
        self.opener: Decrypter = fake
        self.encrypter: Encrypters = FakeEncrypter()
        self.recrypter: Recrypter = FakeRecrypter(fake, FakeEncrypter())
        self._fake = fake
        self._ring = {"alice": with_secret(ALICE), "bob": BOB, "carol": CAROL, "malice": MALICE}
        self._twins: dict[str, Key] = {}
        self._show_ring()

    def close(self) -> None:
        """Remove the files."""
        self._folder.cleanup()

    def people(self) -> dict[str, Somebody]:
        """Everybody, as the model begins."""
        return {name: Somebody((key_id(one),)) for name, one in self._ring.items()}

    def token(self, slot: Slot) -> str:
        """A value as it stands, made by somebody."""
        return tokens.render(fake_message(slot.plaintext, sorted(slot.readers)), layout=None)

    def line(self, person: str, *, by_address: bool) -> str:
        """How a list names somebody."""
        return f"{person}@example.com" if by_address else self._ring[person].fingerprint

    def has_two_keys(self, person: str) -> bool:
        """Whether an address of theirs means two keys."""
        return person in self._twins

    def new_subkey(self, person: str, seed: str) -> KeyId:
        """A newer subkey, the old ones still good."""
        made = subkey(seed, created=LAST_YEAR.replace(day=1 + len(self._ring[person].subkeys)))
        before = self._ring[person]
        self._ring[person] = replace(before, subkeys=(*before.subkeys, made))
        self._show_ring()
        return made.key_id

    def expire(self, person: str, *, back: bool) -> None:
        """The key expires, or its owner made it last longer."""
        validity = Validity.FULL if back else Validity.EXPIRED
        before = self._ring[person]
        self._ring[person] = replace(before, primary=replace(before.primary, validity=validity))
        self._show_ring()

    def double(self, person: str, seed: str) -> None:
        """Another key with the same address."""
        self._twins[person] = key(f"{seed} <{person}@example.com>")
        self._show_ring()

    def _show_ring(self) -> None:
        self._tree.ring = (*self._ring.values(), *self._twins.values())
        own = frozenset(one.key_id for one in self._ring["alice"].subkeys)
        self._fake.own = own

    def edit(self, name: str, visits: Sequence[Visit], only: Sequence[str], *, preamble: bool) -> bool:
        path, left = self.root / name, list(visits)

        class Editor:
            def edit(self, content: bytes) -> bytes:
                saved = left.pop(0)(content.decode())
                if saved is None:
                    raise EditorError("the editor failed")
                return saved.encode()

        ports = EditPorts(
            files=TreeFiles(),
            decrypter=self.opener,
            pkcs7=FakePkcs7(),
            encrypters=self.encrypter,
            wanted=lambda: self._tree.governance().wanted(path.parent),
            editor=Editor(),
            back_to_editor=lambda _error: bool(left),
            keep_in_clear=lambda _near: not left,
        )
        request = EditRequest(path, name, preamble=preamble, only=tuple(map(KeyPath.parse, only)))
        try:
            edit(request, ports)
        except EyamlgpgError:
            return False
        return True

    def set(self, name: str, key: str, plaintext: bytes) -> bool:
        path = self.root / name
        request = SetRequest(path, name, KeyPath.parse(key), lambda: plaintext)
        try:
            set_value(request, TreeFiles(), self.encrypter, lambda: self._tree.governance().wanted(path.parent))
        except EyamlgpgError:
            return False
        return True

    def encrypt_in_place(self, name: str, keys: Sequence[str]) -> bool:
        path = self.root / name
        request = InPlaceRequest(path, name, tuple(map(KeyPath.parse, keys)))
        try:
            encrypt_in_place(request, TreeFiles(), self.encrypter, lambda: self._tree.governance().wanted(path.parent))
        except EyamlgpgError:
            return False
        return True

    def recrypt(self, places: Sequence[str], *, every: bool, fresh: bool, stop_after: int | None) -> bool:
        request = RecryptRequest(every=every, fresh=fresh)

        def watch(progress: Progress) -> None:
            if stop_after is not None and progress.values >= stop_after:
                raise Signalled(15)

        plan = self._tree.plan(*(self.root / place for place in places), request=request)
        try:
            return not recrypt(plan, request, TreeFiles(), self.recrypter, watch).errors
        except Signalled:
            return False

    def due(self, places: Sequence[str]) -> int:
        return self._tree.plan(*(self.root / place for place in places)).due

    def standings(self) -> tuple[int, int, int]:
        files = TreeFiles()
        report = report_access(
            select_files([self.root], Trees({}), files), AccessRequest(), self._tree.governance(), files
        )
        assert report.errors == ()
        return report.in_line, report.drifted, report.unjudged

    def opened(self, message: bytes) -> tuple[bytes, frozenset[KeyId]]:
        if message[:1] == b"0":
            return FakePkcs7(opens=True).decrypt(message), frozenset()
        key_ids = packets.read(message).key_ids
        assert len(key_ids) == len(set(key_ids))
        return FakeDecrypter(frozenset(key_ids)).decrypt(message), frozenset(key_ids)
