"""A colleague whom one trusts under her own name adds another colleague's to her key, and pushes it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.keyrings import known
from tests.support.tool import Person

FILE = "hiera-eyaml-gpg.recipients"
ALICE, CAROL, MALICE = (known(name).fingerprint for name in ("alice", "carol", "malice"))
AS_CAROL = "Carol Chen <carol@example.com>"
AS_HERSELF = known("malice").user_ids[0]


@pytest.fixture
def alice(home_copy: Callable[[str], Path], tmp_path: Path) -> Person:
    """Alice, who certified Malice as Malice, when the key as Carol came in."""
    (tmp_path / ".git").mkdir()
    ring, hers = home_copy("alice"), home_copy("empty")
    keyrings.gpg(ring, "--quick-lsign-key", MALICE)
    keyrings.gpg(hers, "--import", stdin=known("malice").secret)
    keyrings.gpg(hers, "--quick-add-uid", MALICE, AS_CAROL)
    keyrings.gpg(hers, "--quick-set-primary-uid", MALICE, AS_CAROL)
    store = tmp_path / ".eyamlgpg" / "keys"
    store.mkdir(parents=True)
    (store / f"{MALICE}.asc").write_bytes(keyrings.gpg(hers, "--armor", "--export", MALICE))
    person = Person(ring, tmp_path)
    said = person("keys", "import", "--repo")
    assert said.status == 0, said.err
    assert [line for line in said.text.splitlines() if "@" in line] == [
        f"    {AS_CAROL} (not certified)",
        f"    {AS_HERSELF}",
    ]
    return person


def test_the_key_is_shown_by_the_name_that_was_certified(alice: Person) -> None:
    (alice.folder / FILE).write_text(f"{ALICE}\n{MALICE}\n")
    assert f"    {AS_HERSELF}\n    validity full" in alice.text_of("recipients", "list")
    [line] = [line for line in alice.text_of("keys", "list").splitlines() if MALICE in line]
    assert line.split(None, 1)[1].startswith(AS_HERSELF)
    assert line.endswith(f"not certified as {AS_CAROL}")


def test_it_is_written_down_by_the_name_that_was_certified(alice: Person) -> None:
    (alice.folder / FILE).write_text(f"{ALICE}\n")
    alice.text_of("recipients", "add", MALICE, "-y", "--no-recrypt")
    assert (alice.folder / FILE).read_text() == f"{ALICE}\n# {AS_HERSELF}\n{MALICE}\n"


def test_removing_the_one_leaves_the_other(alice: Person) -> None:
    (alice.folder / FILE).write_text(f"{ALICE}\n{CAROL}\n{MALICE}\n")
    alice.text_of("recipients", "remove", "carol@example.com", "-y", "--no-recrypt")
    assert (alice.folder / FILE).read_text() == f"{ALICE}\n{MALICE}\n"


def test_the_claim_is_a_finding_of_both_checks(alice: Person) -> None:
    (alice.folder / FILE).write_text(f"{ALICE}\n{MALICE}\n")
    linted = alice("recipients", "lint", "--format", "json")
    words = f"calls itself {AS_CAROL}, too, which is certified for {CAROL} alone"
    assert [(one["rule"], one["line"], one["message"]) for one in json.loads(linted.text)["findings"]] == [
        ("recipient-claimed-user-id", 2, f"{MALICE}: key {MALICE} {words}")
    ]
    report = json.loads(alice("keys", "check", "--format", "json").text)
    assert {one["name"]: one["rules"] for one in report["recipients"]}[AS_HERSELF] == ["key-claimed-user-id"]


def test_who_asks_for_carol_does_not_get_the_others_values(alice: Person) -> None:
    (alice.folder / FILE).write_text(f"{ALICE}\n{MALICE}\n")
    message = alice.text_of("encrypt", "-s", "x", "-o", "string").strip()
    (alice.folder / "a.eyaml").write_text(f"---\nk: {message}\n")
    everybody = alice.text_of("who", "--format", "csv")
    assert MALICE in everybody
    assert AS_CAROL not in everybody
    carols = alice("who", "--format", "csv", "--person", "carol@example.com")
    assert (carols.status, MALICE in carols.text) == (3, False)
    assert "did you mean" not in carols.err
