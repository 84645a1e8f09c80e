"""What stays possible is told to people, all of it and nothing else."""

from tests.hunt import test_evasion_by_change, test_evasion_by_place, test_evasion_in_text
from tests.hunt.outcomes import Possible
from tests.support.repository import ROOT

HEADING = "\n## What gets past `check`\n"


def test_what_stays_possible_is_told_in_the_documentation() -> None:
    by_git = (row for module in (test_evasion_by_change, test_evasion_by_place) for row in module.way.rows.values())
    outcomes = [outcome for _, *both in by_git for outcome in both]
    outcomes += [outcome for _, outcome in test_evasion_in_text.ROWS.values()]
    kinds = {outcome.kind for outcome in outcomes if isinstance(outcome, Possible)}
    section = (ROOT / "docs/security.md").read_text().partition(HEADING)[2].partition("\n## ")[0]
    told = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    assert sorted(told) == sorted({*kinds, "way", "---"})
