"""What a change of lists leaves to do about the keys that the repository keeps for everybody."""

import shlex
from collections.abc import Iterable
from pathlib import Path

from eyamlgpg.model.keys import Key
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.recipients.change import ListChange
from eyamlgpg.operations.tree.stored_keys import path_of
from eyamlgpg.operations.tree_ports import Trees


def keys_to_store_or_drop(changes: Iterable[ListChange], here: Path, trees: Trees, files: Files) -> tuple[str, ...]:
    """A sentence with a command for each newcomer's key that is not there, and for each leaver's that is."""
    said: dict[str, None] = {}
    for change in changes:
        root = trees.root(change.place.folder or here)
        for resolved in change.added:
            if not files.exists(path_of(root, resolved.key.fingerprint)):
                said[_lacks(resolved.key)] = None
        for key in (key for line in change.removed for key in line.keys):
            path = path_of(root, key.fingerprint)
            if files.exists(path):
                said[_stays(key, short_path(path, here))] = None
    return tuple(said)


def _lacks(key: Key) -> str:
    return (
        f"for colleagues who do not have the key of {key.user_id}, put it into .eyamlgpg/keys and commit it: "
        f"eyamlgpg keys export {key.fingerprint}"
    )


def _stays(key: Key, path: str) -> str:
    return f"{path}: stays; once {key.user_id} stands in no list: git rm {shlex.quote(path)}"
