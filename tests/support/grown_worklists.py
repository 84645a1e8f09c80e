"""Worklists of the people of a grown repository, with and without a key, as the reference gives its answers."""

import os
from collections.abc import Sequence
from pathlib import Path

from eyamlgpg.model.keys import Key, KeyId
from eyamlgpg.model.rotation import Worklist
from eyamlgpg.operations.readers.rotation import RotationPorts, RotationRequest, worklist
from eyamlgpg.repo.history import read_history
from tests.support.fakes import FakeKeyring
from tests.support.rotation_reference import Answer
from tests.support.sealed import Opener


def worklist_of(root: Path, keyring: Sequence[Key], who: int, own: KeyId | None) -> Worklist:
    """The worklist of `p{who}@example.com`; `own` is the key ID whose secret key is at hand."""
    at_hand = frozenset() if own is None else frozenset({own})
    ports = RotationPorts(read_history(root, os.environ), FakeKeyring(tuple(keyring)), Opener(at_hand, keeps=False))
    return worklist(RotationRequest(f"p{who}@example.com", bytes(32), own=at_hand), ports)


def answers_of(made: Worklist) -> list[Answer]:
    """Every line, without what the reference does not tell."""
    return [
        Answer(
            value.place.path,
            value.place.key,
            value.status.value,
            value.since.commit or "",
            None if value.until is None else value.until.commit,
            value.changed.commit,
            None if value.copied_from is None else (value.copied_from.path, value.copied_from.key),
        )
        for value in made.values
    ]
