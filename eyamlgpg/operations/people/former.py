"""The keys of those who left: `.eyamlgpg/keys/former/FINGERPRINT.asc`, so that reports can name them.

Nothing counts that folder as an approval: `check --keyring repo` and `keys import --repo` take the keys of
`.eyamlgpg/keys` itself alone.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError, FormatError, GnupgError
from eyamlgpg.formats.openpgp.certificate import parse_one
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.operations.keys.export import public_key
from eyamlgpg.operations.ports import BoundedFiles, Certificates, Files
from eyamlgpg.operations.readers.whole_past import History
from eyamlgpg.operations.tree.stored_keys import KEYS, LARGEST, names_in, path_of
from eyamlgpg.operations.tree_ports import Tree

FORMER = KEYS / "former"
"""Below the root of the tree."""

_STORED = re.compile(r"(?:.*/)?\.eyamlgpg/keys/(?:former/)?[^/]+\.asc", re.DOTALL)


def ever_stored(tree: Tree, history: History | None) -> list[bytes]:
    """Every file that the folders of keys hold or ever held; what cannot be read is passed over."""
    found: list[bytes] = []
    for path in tree.files():
        if _STORED.fullmatch(path):
            try:
                found.append(tree.read(path, limit=LARGEST))
            except EyamlgpgError:
                continue
    if history is not None:
        changes = (*(change for commit in history.commits for change in commit.changes), *history.staged)
        ids = {change.object_id for change in changes if change.object_id and _STORED.fullmatch(change.path)}
        found += (content for _, content in history.contents(sorted(ids)) if content is not None)
    return found


class KeyFiles(BoundedFiles, Protocol):
    """Files of keys, which may get another name."""

    def move(self, path: Path, target: Path) -> None:
        """Give a file another name in one step, in place of what has that name; raises FileProblem."""
        ...


@dataclass(frozen=True, slots=True)
class FormerPorts:
    """Where keys of leavers come from, and where they go."""

    root: Path
    files: Files
    bounded: KeyFiles
    certificates: Certificates


def keep(fingerprint: Fingerprint, stored: Sequence[bytes], ports: FormerPorts) -> str | None:
    """Have the key in `former` and nowhere else; what was done, None where it is so already or no copy is to be had."""
    path, target = path_of(ports.root, fingerprint), ports.root / FORMER / f"{fingerprint}.asc"
    shown = (FORMER / target.name).as_posix()
    if path.name in names_in(path.parent, ports.bounded):
        names_in_former(ports)
        ports.bounded.make(target.parent)
        ports.bounded.move(path, target)
        return f"{(KEYS / path.name).as_posix()}: moved to {shown}"
    if target.name in names_in_former(ports):
        return None
    copy = next((content for content in stored if holds(content, fingerprint)), None)
    if copy is None:
        with suppress(GnupgError):  # a key that is nowhere cannot be kept
            copy = public_key(fingerprint, ports.certificates)
    if copy is None:
        return None
    ports.bounded.make(target.parent)
    ports.files.replace(target, copy, expected=None)
    return f"{shown}: made, so that later reports can name them"


def names_in_former(ports: FormerPorts) -> Sequence[str]:
    """The names in the folder; FileProblem for a link in its place."""
    names_in(ports.root / KEYS, ports.bounded)
    return ports.bounded.names(ports.root / FORMER)


def holds(content: bytes, fingerprint: Fingerprint) -> bool:
    """True if a file is this public key."""
    try:
        return parse_one(content).fingerprint == fingerprint
    except FormatError:
        return False
