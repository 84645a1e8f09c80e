"""The worklist against a slow reference that knows the plaintext of every version, over repositories that grew."""

import pytest

from eyamlgpg.model.rotation import Worklist
from tests.support.grown import SMALL, Grown, grow, keyring_of, people_of
from tests.support.grown_worklists import answers_of, worklist_of
from tests.support.rotation_reference import Reference

SEEDS = (5, 9)
"""With people of two subkeys, and values of every status."""
PEOPLE = 5


@pytest.fixture(scope="module", params=SEEDS)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Grown:
    return grow(tmp_path_factory.mktemp("grown"), request.param, SMALL)


def told(grown: Grown, who: int, *, with_key: bool) -> Worklist:
    return worklist_of(grown.repository.root, keyring_of(grown), who, grown.admin if with_key else None)


@pytest.mark.parametrize("with_key", [False, True], ids=["without a key", "with a key"])
def test_the_worklist_of_five_people_is_what_the_reference_says(grown: Grown, with_key: bool) -> None:
    """Statuses, dates and origins of every value, a person with a second subkey among them."""
    statuses = set()
    for who in people_of(grown, PEOPLE):
        expected = Reference(grown, grown.key_ids[who], grown.admin if with_key else None).worklist()
        assert answers_of(told(grown, who, with_key=with_key)) == expected
        statuses |= {answer.status for answer in expected}
    assert statuses >= {"due", "gone", "changed" if with_key else "unknown"}


def test_the_reference_says_the_same_where_it_looks_at_every_commit(grown: Grown) -> None:
    """It takes what stands in a file that nobody touched for one thing only to need less memory."""
    who = people_of(grown, 1)[0]
    key_ids = grown.key_ids[who]
    whole = Reference(grown, key_ids, grown.admin, every_commit=True)
    assert len(whole.seen) > 2 * len(Reference(grown, key_ids, grown.admin).seen)
    assert whole.worklist() == Reference(grown, key_ids, grown.admin).worklist()


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
