"""What a worklist holds and repeats, counted and not timed."""

import gc
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from eyamlgpg.model.messages import Decrypted
from eyamlgpg.operations.readers.followed import follow
from eyamlgpg.operations.readers.rotation import RotationPorts, RotationRequest, worklist
from eyamlgpg.operations.readers.standings import Standing
from eyamlgpg.repo.history import read_history
from tests.support.fakes import FakeKeyring
from tests.support.grown import Grown, Scale, grow, keyring_of, people_of
from tests.support.sealed import Opener

FOLLOW = "eyamlgpg.operations.readers.rotation.follow"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow(tmp_path_factory.mktemp("grown"), 5, Scale(people=6, values=12, commits=30))


@dataclass
class Watching(Opener):
    """An opener that counts what is held of values that were followed, whenever it is asked."""

    held: list[int] = field(default_factory=list)

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        gc.collect()
        self.held.append(sum(isinstance(one, Standing) for one in gc.get_objects()))
        return super().decrypt_many(messages)


def told(grown: Grown, opener: Opener) -> None:
    who = people_of(grown, 1)[0]
    ports = RotationPorts(read_history(grown.repository.root, os.environ), FakeKeyring(keyring_of(grown)), opener)
    assert worklist(RotationRequest(f"p{who}@example.com", bytes(32), own=opener.own), ports).values


def test_nothing_that_was_followed_is_held_while_messages_are_opened(grown: Grown) -> None:
    """It is as large as the history, and is made anew from what the opened messages tell."""
    opener = Watching(frozenset({grown.admin}))
    told(grown, opener)
    assert set(opener.held) == {0}


def test_what_the_person_could_open_is_opened_before_anything_is_followed(
    grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = Opener(frozenset({grown.admin}))
    opened: list[int] = []

    def counted(*words: object) -> object:
        opened.append(len(opener.opened))
        return follow(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(FOLLOW, counted)
    told(grown, opener)
    assert opened[0] > opened[-1] / 2
    assert len(opener.opened) == len(set(opener.opened))


def test_the_versions_are_followed_once_without_a_key(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[object] = []

    def counted(*words: object) -> object:
        times.append(words)
        return follow(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(FOLLOW, counted)
    told(grown, Opener(frozenset()))
    assert len(times) == 1


def test_what_the_reader_remembers_is_let_go_before_values_are_followed(
    grown: Grown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts and digests serve only to read the next version fast."""
    held: list[int] = []

    def looked(*words: object) -> object:
        gc.collect()
        held.append(sum(type(one).__name__ == "VersionReader" for one in gc.get_objects()))
        return follow(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(FOLLOW, looked)
    told(grown, Opener(frozenset()))
    assert held == [0]
