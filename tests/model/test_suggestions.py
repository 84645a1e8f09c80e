"""A typo is answered with who was meant, not with the whole team."""

import pytest

from eyamlgpg.model.suggestions import nearest

TEAM = ("alice@example.com", "bob@example.com", "carol@example.com", "carol@home.example.org", "puppetmaster-prod")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("craol@example.com", ("carol@example.com", "carol@home.example.org")),
        ("CAROL@exmaple.com", ("carol@example.com",)),
        ("<bbo@example.com>", ("bob@example.com",)),
        ("bbo", ("bob@example.com",)),
        ("puppetmaster-prd", ("puppetmaster-prod",)),
        ("zoe@example.com", ()),
        ("", ()),
    ],
)
def test_the_nearest_names_come_first_and_strangers_not_at_all(typed: str, meant: tuple[str, ...]) -> None:
    assert nearest(typed, TEAM) == meant


def test_at_most_three_are_named() -> None:
    assert nearest("carol@x", [f"carol@x{number}" for number in range(9)]) == ("carol@x0", "carol@x1", "carol@x2")


def test_a_name_is_no_suggestion_for_itself() -> None:
    assert nearest("carol@example.com", ["carol@example.com", "carrol@example.com"]) == ("carrol@example.com",)
