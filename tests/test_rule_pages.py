"""Every rule has a page with an example and the way to mend it, and no page outlives its rule."""

import pytest

from eyamlgpg.rules.catalogue import RULES
from eyamlgpg.rules.rule import Rule
from tests.support.pages import FOLDER, pages


def test_the_pages_say_what_the_rules_say() -> None:
    """`python -m tests.support.pages` writes them anew."""
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == pages()


def test_no_two_rules_share_an_id() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_is_wrong_why_and_how_to_mend_it(rule: Rule) -> None:
    assert rule.title
    assert rule.title[0].islower() or rule.title.startswith("Puppet")
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.mend.endswith((".", "```"))
    assert rule.example.endswith("\n")


def test_the_rules_about_clear_text_are_told_by_their_ids() -> None:
    """Other programs tell by the beginning of the id what must never be pushed."""
    about = {rule.id for rule in RULES if "clear text" in rule.title and rule.id.partition("-")[0] != "exception"}
    assert about <= {rule.id for rule in RULES if rule.is_about_clear_text}
