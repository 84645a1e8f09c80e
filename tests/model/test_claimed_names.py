"""A name that nobody certified on a key does not make it the person's."""

from dataclasses import replace

from eyamlgpg.model.claimed_names import CertifiedNames, Claim, without_claims
from eyamlgpg.model.keys import UserId, Validity
from eyamlgpg.model.matching import KeyNames
from tests.support.keys import ALICE, BOB, CAROL, key

AS_CAROL = UserId("Carol Chen <carol@example.com>", Validity.UNKNOWN)
POSING = key("posing", AS_CAROL)
POSING = replace(POSING, user_ids=(AS_CAROL, UserId("Malice Aforethought <malice@example.com>", Validity.FULL)))
RING = (POSING, ALICE, BOB, CAROL)


def test_a_key_is_shown_by_its_certified_user_id_whichever_is_the_primary_one() -> None:
    assert POSING.user_id == "Malice Aforethought <malice@example.com>"
    assert key("Uma <uma@example.com>", validity=Validity.UNKNOWN).user_id == "Uma <uma@example.com>"
    revoked = UserId("Uma <uma@former.example>", Validity.REVOKED)
    assert replace(key("x"), user_ids=(revoked, AS_CAROL)).user_id == AS_CAROL.text
    assert replace(key("x"), user_ids=(revoked,)).user_id == revoked.text
    assert replace(key("x"), user_ids=()).user_id == "(no user ID)"


def test_a_name_that_another_key_has_certified_is_a_claim() -> None:
    names = CertifiedNames(RING)
    assert [names.claims(one) for one in RING] == [(Claim(AS_CAROL, CAROL),), (), (), ()]


def test_the_address_alone_is_enough_for_a_claim() -> None:
    other = UserId("C. C. <CAROL@example.com>", Validity.UNKNOWN)
    assert CertifiedNames(RING).claims(key("Malice", other)) == (Claim(other, CAROL),)


def test_a_new_name_with_an_address_that_the_key_has_certified_is_no_claim() -> None:
    renamed = key("Carol Chen <carol@example.com>", UserId("Carol Brown <carol@example.com>", Validity.UNKNOWN))
    assert CertifiedNames((renamed, CAROL)).claims(renamed) == ()


def test_a_claim_is_no_person_where_the_name_is_certified_on_another_key() -> None:
    found = KeyNames(RING).find("carol@example.com").matches
    assert [match.key for match in without_claims(found)] == [CAROL]


def test_of_keys_that_nobody_certified_each_may_be_the_persons() -> None:
    found = KeyNames((POSING, ALICE)).find("carol@example.com").matches
    assert [match.key for match in without_claims(found)] == [POSING]


def test_the_expired_key_of_a_person_stays_theirs() -> None:
    old = key("Carol Chen <carol@example.com>", validity=Validity.EXPIRED, subkeys=())
    found = KeyNames((old, replace(CAROL, primary=BOB.primary))).find("carol@example.com").matches
    assert len(without_claims(found)) == 2
