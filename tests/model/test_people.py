"""Who has a role today: people whose time is not over, and puppetmasters, by name."""

from datetime import date

import pytest

from eyamlgpg.errors import ConfigError
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import Member, People, Roster
from eyamlgpg.model.policy import Policy

ALICE = Member(Fingerprint("A" * 40), "alice <a@example.com>", ("ops", "dba"), None, 3)
BOB = Member(Fingerprint("B" * 40), "Bob <b@example.com>", ("dba",), date(2027, 3, 31), 6)
PEOPLE = People("people.yaml", (BOB, ALICE))
POLICY = Policy(
    "policy.yaml",
    {"pm-prod": Fingerprint("C" * 40), "pm-dev": Fingerprint("D" * 40)},
    master_roles={"pm-prod": ("dba",)},
)


def test_who_has_a_role_is_sorted_by_name_and_puppetmasters_are_among_them() -> None:
    roster = Roster.of(PEOPLE, POLICY)
    assert [member.name for member in roster.holders("dba", date(2027, 1, 1))] == [ALICE.name, BOB.name, "pm-prod"]
    assert roster.roles == ("dba", "ops")


@pytest.mark.parametrize(("day", "reads"), [(30, True), (31, True), (32, False)])
def test_the_last_day_is_the_last_on_which_somebody_reads(day: int, reads: bool) -> None:
    today = date(2027, 3, day) if day < 32 else date(2027, 4, 1)
    roster = Roster.of(PEOPLE, None)
    assert (BOB in roster.holders("dba", today)) is reads
    assert (roster.over(today) == ()) is reads


def test_a_role_is_known_while_somebody_has_it_even_if_their_time_is_over() -> None:
    assert "dba" in Roster.of(People("p", (BOB,)), None).roles


def test_a_key_is_a_persons_or_a_puppetmasters() -> None:
    policy = Policy("policy.yaml", {"pm-prod": ALICE.fingerprint})
    with pytest.raises(ConfigError) as caught:
        Roster.of(PEOPLE, policy)
    assert caught.value.sentence == "people.yaml:3: alice <a@example.com> has the key of the puppetmaster pm-prod"


def test_an_unknown_role_suggests_the_nearest() -> None:
    roster = Roster.of(PEOPLE, None)
    assert roster.unknown_role("dbaa") == ("nobody has the role dbaa", ("did you mean dba?",))
    assert roster.unknown_role("zzz") == ("nobody has the role zzz", ("roles are: dba, ops",))
