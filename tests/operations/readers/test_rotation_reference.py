"""The worklist against a slow reference that knows the plaintext of every version, over repositories that grew."""

import os

import pytest

from eyamlgpg.model.rotation import Worklist
from eyamlgpg.operations.readers.rotation import RotationPorts, RotationRequest, worklist
from eyamlgpg.repo.history import read_history
from tests.support.fakes import FakeKeyring
from tests.support.grown import SMALL, Grown, grow, keyring_of, people_of
from tests.support.rotation_reference import Answer, Reference
from tests.support.sealed import Opener

SEEDS = (5, 9)
"""With people of two subkeys, and values of every status."""
PEOPLE = 5


@pytest.fixture(scope="module", params=SEEDS)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow(tmp_path_factory.mktemp("grown"), request.param, SMALL)


def told(grown: Grown, who: int, *, with_key: bool) -> Worklist:
    own = frozenset({grown.admin}) if with_key else frozenset()
    history = read_history(grown.repository.root, os.environ)
    ports = RotationPorts(history, FakeKeyring(keyring_of(grown)), Opener(own))
    return worklist(RotationRequest(f"p{who}@example.com", bytes(32), own=own), ports)


def answers(made: Worklist) -> list[Answer]:
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


@pytest.mark.parametrize("with_key", [False, True], ids=["without a key", "with a key"])
def test_the_worklist_of_five_people_is_what_the_reference_says(grown: Grown, with_key: bool) -> None:
    """Statuses, dates and origins of every value, a person with a second subkey among them."""
    statuses = set()
    for who in people_of(grown, PEOPLE):
        expected = Reference(grown, grown.key_ids[who], grown.admin if with_key else None).worklist()
        assert answers(told(grown, who, with_key=with_key)) == expected
        statuses |= {answer.status for answer in expected}
    assert statuses >= {"due", "gone", "changed" if with_key else "unknown"}


def test_a_value_whose_plaintext_they_could_read_at_its_place_is_always_work(grown: Grown) -> None:
    """Told by nothing but the maker's plaintexts: with or without a key, none of these is missing or called changed."""
    for who in people_of(grown, PEOPLE):
        known = {
            (path, key, secret.plaintext)
            for tree in grown.trees
            for path, file in tree.items()
            for key, secret in file.items()
            if not set(grown.key_ids[who]).isdisjoint(secret.readers)
        }
        head = grown.repository.git("rev-parse", "HEAD").strip()
        today = grown.trees[grown.commit_ids.index(head)]
        must = {
            (path, key)
            for path, file in today.items()
            for key, secret in file.items()
            if (path, key, secret.plaintext) in known
        }
        for with_key in (False, True):
            listed = {
                (value.place.path, value.place.key)
                for value in told(grown, who, with_key=with_key).values
                if value.status.is_work
            }
            assert must <= listed


def test_with_every_message_opened_changed_is_the_truth(grown: Grown) -> None:
    """A value that is called changed holds no plaintext that they could read at its place."""
    for who in people_of(grown, PEOPLE):
        for value in told(grown, who, with_key=True).values:
            if value.status.value != "changed":
                continue
            path, key = value.place.path, value.place.key
            head = grown.repository.git("rev-parse", "HEAD").strip()
            now = grown.trees[grown.commit_ids.index(head)][path][key].plaintext
            read = {
                tree[path][key].plaintext
                for tree in grown.trees
                if key in tree.get(path, {}) and not set(grown.key_ids[who]).isdisjoint(tree[path][key].readers)
            }
            assert now not in read
