"""How many secrets are reported, and how many look-alikes: of data that is older than the rules, and of younger."""

import csv
from pathlib import Path

import pytest

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.rules.knowledge.tree import collect
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.clear import clear_values
from eyamlgpg.rules.reading.subject import Subject

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
BEFORE, AFTER = "secrets", "secrets-2"

MISSES = {
    BEFORE: {
        # One character short of the form of a SendGrid token, under a name that says nothing.
        ("hieradata/role/ci.yaml", "profile::ci::mailer"),
        # A form that no detector knows, under a name that says nothing; its public half has the same form.
        ("hieradata/role/web.yaml", "profile::web::recaptcha_private"),
    },
    AFTER: {
        # Columns of one daemon (client, server, secret, addresses) without a word that says so.
        ("hieradata/platform.yaml", "ppp::chap"),
    },
}
FALSE_ALARMS: dict[str, set[tuple[str, str]]] = {BEFORE: set(), AFTER: set()}

both = pytest.mark.parametrize("fixture", [BEFORE, AFTER])


def labels(fixture: str) -> dict[tuple[str, str], str]:
    with (FIXTURES / fixture / "labels.tsv").open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["file"], row["key"]): row["label"] for row in rows}


def secrets(fixture: str) -> set[tuple[str, str]]:
    return {place for place, label in labels(fixture).items() if label == "secret"}


def subjects(fixture: str) -> list[Subject]:
    folder = FIXTURES / fixture
    files = sorted(folder.glob("hieradata/**/*.*yaml"))
    return [Subject.read(file.relative_to(folder).as_posix(), file.read_text()) for file in files]


def reported(fixture: str) -> set[tuple[str, str | None]]:
    read = subjects(fixture)
    knowledge = collect(read, NamePolicy())
    return {(finding.path, finding.key) for subject in read for finding in clear_text.find(subject, knowledge)}


@pytest.mark.parametrize(("fixture", "counts"), [(BEFORE, (60, 200, 260)), (AFTER, (44, 59, 103))])
def test_the_fixtures_hold_what_was_promised(fixture: str, counts: tuple[int, int, int]) -> None:
    counted = list(labels(fixture).values())
    assert (counted.count("secret"), counted.count("harmless"), len(counted)) == counts


@both
def test_every_secret_but_the_known_misses_is_reported(fixture: str) -> None:
    assert secrets(fixture) - reported(fixture) == MISSES[fixture]


@both
def test_no_look_alike_is_reported_nor_any_other_value(fixture: str) -> None:
    assert reported(fixture) - secrets(fixture) == FALSE_ALARMS[fixture]


def test_every_value_of_the_second_set_has_a_label() -> None:
    values = {(clear.place.path, clear.place.key) for subject in subjects(AFTER) for clear in clear_values(subject)}
    assert values == set(labels(AFTER))


@both
def test_no_finding_holds_a_part_of_the_value_it_is_about(fixture: str) -> None:
    read = subjects(fixture)
    knowledge = collect(read, NamePolicy())
    for subject in read:
        texts = {clear.place: clear.text for clear in clear_values(subject)}
        for finding in clear_text.find(subject, knowledge):
            said = f"{finding.message} {finding.hint}"
            for place, text in texts.items():
                if (place.line, place.key) == (finding.line, finding.key) and len(text) > 4:
                    assert text not in said
