"""Keys and recipients tell when nothing can be encrypted any more, whichever part of the key expires first."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from eyamlgpg.model.recipients import Resolved
from eyamlgpg.operations.tree.source import Source
from eyamlgpg.render.keys import keys_as_text, recipients_as_json, recipients_as_text
from eyamlgpg.render.tables import PIPE
from tests.support.keys import ALICE, NOW, named

SOON, LATER = NOW + timedelta(days=30), NOW + timedelta(days=400)


@pytest.mark.parametrize(
    ("primary", "subkey", "expected"),
    [(LATER, SOON, SOON), (SOON, LATER, SOON), (None, SOON, SOON), (LATER, None, LATER), (None, None, None)],
)
def test_the_first_part_to_expire_counts(
    primary: datetime | None, subkey: datetime | None, expected: datetime | None
) -> None:
    part = replace(ALICE.subkeys[0], expires=subkey)
    key = replace(ALICE, primary=replace(ALICE.primary, expires=primary), subkeys=(part,))
    resolved = Resolved(named("alice@example.com"), key, part, None)
    source = Source("x", None, ())
    word = "never" if expected is None else f"{expected:%Y-%m-%d}"
    assert keys_as_text([key], now=NOW, paper=PIPE).splitlines()[1].split()[-1] == word
    phrase = "never expires" if expected is None else f"expires {word}"
    assert recipients_as_text("x", source, [resolved]).splitlines()[-1].endswith(phrase)
    [told] = json.loads(recipients_as_json("x", source, [resolved]))["recipients"]
    assert (told["expires"] or "never").partition("T")[0] == word
