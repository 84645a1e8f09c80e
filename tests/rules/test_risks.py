"""What is risky about readers: each rule once, with the values and the people that it is about."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

import pytest

from eyamlgpg.model.audit import AuditedValue, Kind, Party, Risk
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules import catalogue
from eyamlgpg.rules.risks import risks

TODAY = date(2026, 3, 1)
UNTIL_PASSED = "recipients-until-passed"
ALICE = Party("A", "Alice", Kind.PERSON)
BOB = Party("B", "Bob", Kind.PERSON)
GONE = Party("G", "Gone", Kind.PERSON, until=date(2026, 2, 28))
TODAYS = Party("T", "Today", Kind.PERSON, until=TODAY)
MASTER = Party("M", "Master", Kind.MASTER)
NOBODYS = Party("U", "the unknown key U", Kind.UNKNOWN)
HIDDEN = Party("H", "a hidden key", Kind.HIDDEN)
PARTIES = {party.id: party for party in (ALICE, BOB, GONE, TODAYS, MASTER, NOBODYS, HIDDEN)}


def audited(readers: str, wanted: str | None = None, *, key: str = "k", passphrase: bool = False) -> AuditedValue:
    return AuditedValue("a.eyaml", 1, key, 0, tuple(readers), None if wanted is None else tuple(wanted), passphrase)


def found(*values: AuditedValue) -> dict[str, Risk]:
    return {risk.rule: risk for risk in risks(values, PARTIES, TODAY)}


@pytest.mark.parametrize(
    ("value", "rules"),
    [
        (audited("ABM", "ABM"), set()),
        (audited("ABM"), set()),
        (audited("ATM", "ATM"), set()),
        (audited("AM"), {"access-few-people"}),
        (audited("AUM"), {"access-few-people", "access-unknown"}),
        (audited("AHM"), {"access-few-people", "access-hidden"}),
        (audited("AB"), {"access-no-puppetmaster"}),
        (audited(""), {"access-few-people", "access-no-puppetmaster"}),
        (audited("ABUM"), {"access-unknown"}),
        (audited("ABHM"), {"access-hidden"}),
        (audited("ABGM"), {UNTIL_PASSED}),
        (audited("ABM", "AM"), {"access-unexpected"}),
        (audited("ABUM", "ABM"), {"access-unknown"}),  # told once, as what it is
        (audited("ABM", "ABGM"), set()),
        (audited("ABM", passphrase=True), {"access-passphrase"}),
    ],
)
def test_a_value_has_these_risks_and_no_other(value: AuditedValue, rules: set[str]) -> None:
    assert set(found(value)) == rules


def test_a_risk_names_its_values_and_whom_it_is_about() -> None:
    one, two, fine = audited("ABGM", key="one"), audited("ABGUM", key="two"), audited("ABM", key="fine")
    made = found(one, two, fine)
    assert (made[UNTIL_PASSED].values, made[UNTIL_PASSED].parties) == ((one, two), (GONE,))
    assert (made["access-unknown"].values, made["access-unknown"].parties) == ((two,), (NOBODYS,))


def test_errors_stand_first_then_what_concerns_most_values() -> None:
    made = risks([audited("AM"), audited("AM"), audited("AB"), audited("ABUM")], PARTIES, TODAY)
    assert [risk.rule for risk in made] == ["access-unknown", "access-few-people", "access-no-puppetmaster"]
    assert [risk.severity for risk in made] == [Severity.ERROR, Severity.WARNING, Severity.WARNING]


def test_every_risk_has_the_page_of_a_rule() -> None:
    made = found(audited("GUH", "", passphrase=True))
    assert len(made) == 7
    assert set(made) <= catalogue.IDS


class Counted(Mapping[str, Party]):
    """Parties that count how often somebody is looked up."""

    def __init__(self, parties: Mapping[str, Party]) -> None:
        self.parties = parties
        self.looks = 0

    def __getitem__(self, one: str) -> Party:
        self.looks += 1
        return self.parties[one]

    def __iter__(self) -> Iterator[str]:
        return iter(self.parties)

    def __len__(self) -> int:
        return len(self.parties)


class Name(str):
    """A reader that counts how often it is compared with another."""

    compared: ClassVar[Counter[str]] = Counter()

    def __eq__(self, other: object) -> bool:
        self.compared["times"] += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_readers_are_judged_once_a_set_and_not_for_each_value() -> None:
    looks = []
    for count in (1, 1_000):
        parties = Counted(PARTIES)
        risks([audited("ABUM", "AM", key=str(number)) for number in range(count)], parties, TODAY)
        looks.append(parties.looks)
    assert looks[0] == looks[1]


def test_readers_are_not_compared_with_each_of_the_list() -> None:
    """Sixty readers against a list of sixty: a step for each, and not one for each pair."""
    compared = []
    for count in (100, 200):
        ids = [f"{number:040}" for number in range(count)]
        parties = {one: Party(one, one, Kind.PERSON) for one in ids}
        wanted = tuple(map(Name, reversed(ids)))
        Name.compared.clear()
        value = AuditedValue("a.eyaml", 1, "k", 0, tuple(map(Name, ids)), wanted)
        risks([value], parties, TODAY)
        assert (value.unexpected, value.missing) == ((), ())
        compared.append(Name.compared["times"])
    assert compared[1] <= 2.5 * compared[0]
    assert compared[1] <= 10 * 200
