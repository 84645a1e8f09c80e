"""The homes that all tests stand on are what fixtures/README.md says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.keyrings import NewKey, known

EVERY_KEY = [
    *("puppetmaster-prod", "puppetmaster-dev", "alice", "bob", "carol", "dave"),
    *("erin", "grace-old", "grace-new", "henry", "malice", "frank"),
]


def test_the_admins_home_holds_every_key(home: Callable[[str], Path]) -> None:
    assert keyrings.fingerprints(home("admin")) == keyrings.listed(*(known(name).fingerprint for name in EVERY_KEY))


@pytest.mark.parametrize("name", keyrings.home_names())
def test_every_home_can_be_built(home: Callable[[str], Path], name: str) -> None:
    imports = keyrings.facts()["homes"][name]["import"]
    expected = keyrings.listed(*(known(file.split(".")[0]).fingerprint for file in imports))
    assert keyrings.fingerprints(home(name)) == expected


def test_a_copy_leaves_the_shared_home_alone(home: Callable[[str], Path], home_copy: Callable[[str], Path]) -> None:
    own = home_copy("alice")
    made = keyrings.make_key(own)
    assert made in keyrings.fingerprints(own)
    assert made not in keyrings.fingerprints(home("alice"))


def test_a_fresh_key_is_as_old_as_wanted(fresh_home: Path) -> None:
    fingerprint = keyrings.make_key(fresh_home, NewKey(at=datetime(2020, 1, 1, tzinfo=UTC), expires="1d"))
    listing = keyrings.gpg(fresh_home, "--with-colons", "--list-keys", fingerprint).decode().splitlines()
    assert [line.split(":")[1:7:4] for line in listing if line[:3] in {"pub", "sub"}] == [["e", "1577836800"]] * 2


def test_a_fresh_key_can_be_revoked(fresh_home: Path) -> None:
    fingerprint = keyrings.make_key(fresh_home)
    keyrings.revoke(fresh_home, fingerprint)
    listing = keyrings.gpg(fresh_home, "--with-colons", "--list-keys").decode().splitlines()
    assert [line.split(":")[1] for line in listing if line.startswith("pub:")] == ["r"]
