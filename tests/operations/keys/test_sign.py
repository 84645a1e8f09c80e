"""A key is shown, then asked about, then certified, and only then stored; no step comes before the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError, RecipientError
from eyamlgpg.formats.gnupg.status import Imported
from eyamlgpg.model.certifications import Certification
from eyamlgpg.model.keys import Fingerprint, Key, OwnerTrust, Validity
from eyamlgpg.operations.keys.export import ExportPorts
from eyamlgpg.operations.keys.sign import Pair, SigningPorts, SigningRequest, ToSign, certify
from tests.support.fakes import FakeTree
from tests.support.keys import ALICE, BOB, NOW, key
from tests.support.memory import Memory

UMA = key("Uma <uma@example.com>", validity=Validity.UNKNOWN)
ME = replace(ALICE, primary=replace(ALICE.primary, has_secret=True, capabilities=frozenset("sc")))


class NoFolders:
    """Nothing is stored here."""

    def names(self, folder: Path) -> Sequence[str]:
        return ()

    def read_bounded(self, path: Path, limit: int, *, follow_link: bool) -> bytes:
        raise AssertionError(path)

    def make(self, folder: Path) -> None:
        raise AssertionError(folder)


@dataclass
class Scene:
    """Alice before Uma's key; every step is written down."""

    answer: bool = True
    listing: tuple[Key, ...] = (ME, BOB, UMA)
    steps: list[str] = field(default_factory=list)

    def keys(self) -> Sequence[Key]:
        return self.listing

    def certifications_of(self, key: Key) -> Sequence[Certification]:
        self.steps.append("look")
        return ()

    def sign(self, pair: Pair, *, exportable: bool) -> None:
        self.steps.append(f"sign {pair.key.user_id} as {pair.signer.user_id}{' for all' if exportable else ''}")
        self.listing = (ME, BOB, key("Uma <uma@example.com>", validity=Validity.FULL))

    def set_ownertrust(self, key: Key, ownertrust: OwnerTrust) -> None:
        self.steps.append(f"trust {ownertrust.name}")

    def whole(self, fingerprints: Sequence[Fingerprint]) -> bytes:
        self.steps.append("export")
        raise GnupgError("no such key")

    def minimal(self, fingerprint: Fingerprint, copies: Sequence[bytes]) -> bytes:
        raise AssertionError(fingerprint)

    def take(self, certificate: bytes) -> Imported:
        raise AssertionError

    def confirm(self, shown: ToSign) -> bool:
        self.steps.append(f"ask about {shown.pair.key.user_id}")
        return self.answer

    def say(self, sentence: str) -> None:
        self.steps.append(sentence)

    def warn(self, *sentences: str) -> None:
        self.steps += sentences

    def certify(self, *, exportable: bool = False, ownertrust: OwnerTrust | None = None) -> None:
        export = ExportPorts(Memory(), NoFolders(), self)
        ports = SigningPorts(self, self, FakeTree({}), Path(".eyamlgpg/keys"), export, self.confirm, self)
        certify(SigningRequest("uma@example.com", NOW, exportable=exportable, ownertrust=ownertrust), ports)


def test_a_key_is_shown_and_asked_about_before_it_is_certified() -> None:
    scene = Scene()
    scene.certify(ownertrust=OwnerTrust.FULL)
    assert scene.steps == [
        "look",
        "ask about Uma <uma@example.com>",
        f"sign Uma <uma@example.com> as {ME.user_id}",
        "trust FULL",
        f"Uma <uma@example.com>: certified as {ME.user_id}; its validity is full now",
    ]


def test_after_a_no_nothing_is_certified() -> None:
    scene = Scene(answer=False)
    with pytest.raises(RecipientError, match=r"was not certified, as you said$"):
        scene.certify(exportable=True)
    assert scene.steps == ["look", "ask about Uma <uma@example.com>"]


def test_what_was_certified_is_told_also_where_it_cannot_be_stored() -> None:
    scene = Scene()
    with pytest.raises(GnupgError):
        scene.certify(exportable=True)
    assert scene.steps[2:] == [
        f"sign Uma <uma@example.com> as {ME.user_id} for all",
        f"Uma <uma@example.com>: certified as {ME.user_id}; its validity is full now",
        "export",
    ]
