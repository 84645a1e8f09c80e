"""A new key takes the place of an old one, whatever became of that, and of nobody else."""

from pathlib import Path

import pytest

from eyamlgpg.errors import RecipientError, Several
from eyamlgpg.model.keys import Key, Validity
from eyamlgpg.operations.recipients.change import ListChange
from eyamlgpg.operations.recipients.replace import ReplaceRequest, plan_replace
from eyamlgpg.operations.recipients.target import TargetList
from tests.support.keys import ALICE, BOB, key, resolver, subkey

NAME = "Puppet Prod <prod@example.com>"
A, B = ALICE.fingerprint, BOB.fingerprint
OLD = key(NAME, primary=subkey("the old one"))
REVOKED = key(NAME, primary=subkey("the old one", "sc", validity=Validity.REVOKED), validity=Validity.REVOKED)
NEW = key(NAME, primary=subkey("the new one"), subkeys=(subkey("the new one's"),))
O, N = OLD.fingerprint, NEW.fingerprint  # noqa: E741 - the old one


def replaced(old: str, new: str, *texts: str, ring: tuple[Key, ...], reencrypt: bool = True) -> tuple[ListChange, ...]:
    places = [
        TargetList(Path(f"/repo/{place}/team"), f"{place}/team", Path(f"/repo/{place}"), text.encode(), text)
        for place, text in enumerate(texts)
    ]
    return plan_replace(ReplaceRequest(old, new, reencrypt=reencrypt), places, resolver(ring)).changes


@pytest.mark.parametrize("state", [(OLD,), (REVOKED,), ()])
@pytest.mark.parametrize(("old", "new"), [(O, N), ("prod@example.com", N), (NAME, N), (O, "prod@example.com")])
def test_the_new_key_stands_where_the_old_one_stood(state: tuple[Key, ...], old: str, new: str) -> None:
    [change, other] = replaced(
        old, new, f"# ops\n# {NAME}\n{O}\n\n{A}\n", f"{B}\n", f"{A}\n# {NAME}\n{O}\n", ring=(ALICE, BOB, NEW, *state)
    )
    assert (change.text, other.text) == (f"# ops\n# {NAME}\n{N}\n\n{A}\n", f"{A}\n# {NAME}\n{N}\n")
    assert [one.key.fingerprint for one in change.added] == [N]
    assert [line.entry.recipient.name for line in change.removed] == [O]


def test_where_the_new_one_stands_already_the_old_one_goes() -> None:
    [change] = replaced(O, N, f"{A}\n{N}\n# {NAME}\n{O}\n", ring=(ALICE, OLD, NEW))
    assert (change.text, change.added) == (f"{A}\n{N}\n", ())


def test_another_name_is_not_written_under_the_old_one() -> None:
    [change] = replaced("prod@example.com", B, f"# {NAME}\n{O}\n{A}\n", ring=(ALICE, BOB, OLD))
    assert change.text == f"{A}\n# Bob Brown <bob@example.com>\n{B}\n"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("prod@example.com", N, "0/team: prod@example.com: is not among the recipients"),
        (A, "nobody@example.com", "recipients replace: nobody@example.com: no such key on the keyring"),
        (A, A, f"{A}: is the key {A} already, so there is nothing to replace"),
        ("example", N, "example: may mean 2 of the recipients"),
    ],
)
def test_what_cannot_be_replaced_is_named(old: str, new: str, sentence: str) -> None:
    with pytest.raises(RecipientError) as caught:
        replaced(old, new, f"{A}\n{B}\n", ring=(ALICE, BOB, NEW))
    assert caught.value.sentence == sentence


def test_a_new_key_that_cannot_be_used_or_somebody_else_who_cannot_stops_it() -> None:
    with pytest.raises(RecipientError, match="revoked"):
        replaced(A, O, f"{A}\n{B}\n", ring=(ALICE, BOB, REVOKED))
    gone = "0" * 40
    with pytest.raises(Several):
        replaced(A, N, f"{A}\n{gone}\n", ring=(ALICE, NEW))
    [change] = replaced(A, N, f"{A}\n{gone}\n", ring=(ALICE, NEW), reencrypt=False)
    assert f"{N}\n{gone}\n" in change.text
