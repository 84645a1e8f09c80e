"""How many secrets are reported, and how many look-alikes, of data that was written before the first rule."""

import csv
from pathlib import Path

from eyamlgpg.rules import clear_text
from eyamlgpg.rules.knowledge import collect
from eyamlgpg.rules.names import NamePolicy
from eyamlgpg.rules.subject import Subject

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "secrets"

MISSES = {
    # One character short of the form of a SendGrid token, under a name that says nothing.
    ("hieradata/role/ci.yaml", "profile::ci::mailer"),
    # `key` alone names as often a public or a primary key; base64 without a name cannot be told from any other.
    ("hieradata/role/database.yaml", "mongodb::server::key"),
    # A form that no detector knows, under a name that says nothing; its public half has the same form.
    ("hieradata/role/web.yaml", "profile::web::recaptcha_private"),
}
FALSE_ALARMS: set[tuple[str, str]] = set()


def labels() -> dict[tuple[str, str], str]:
    with (FIXTURES / "labels.tsv").open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["file"], row["key"]): row["label"] for row in rows}


def subjects() -> list[Subject]:
    files = sorted(FIXTURES.glob("hieradata/**/*.*yaml"))
    return [Subject.read(file.relative_to(FIXTURES).as_posix(), file.read_text()) for file in files]


def reported() -> set[tuple[str, str | None]]:
    read = subjects()
    knowledge = collect(read, NamePolicy())
    return {(finding.path, finding.key) for subject in read for finding in clear_text.find(subject, knowledge)}


def test_the_fixtures_hold_what_was_promised() -> None:
    counted = list(labels().values())
    assert (counted.count("secret"), counted.count("harmless"), len(counted)) == (60, 200, 260)


def test_every_secret_but_the_known_misses_is_reported() -> None:
    secrets = {place for place, label in labels().items() if label == "secret"}
    assert secrets - reported() == MISSES


def test_no_look_alike_is_reported_nor_any_other_value() -> None:
    secrets = {place for place, label in labels().items() if label == "secret"}
    assert reported() - secrets == FALSE_ALARMS


def test_no_finding_holds_a_part_of_the_value_it_is_about() -> None:
    read = subjects()
    knowledge = collect(read, NamePolicy())
    for subject in read:
        texts = {clear.place: clear.text for clear in subject.clear()}
        for finding in clear_text.find(subject, knowledge):
            said = f"{finding.message} {finding.hint}"
            for place, text in texts.items():
                if (place.line, place.key) == (finding.line, finding.key) and len(text) > 4:
                    assert text not in said
