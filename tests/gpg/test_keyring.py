"""The keyring over real gpg: what is listed, imported and exported."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.gnupg.status import Imported
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, Key, KeyId, OwnerTrust, Unusable, Validity, unusable_reason
from tests.support import keyrings
from tests.support.keyrings import NewKey, known

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def ring_of(home: Path, environ: dict[str, str]) -> GnupgKeyring:
    return GnupgKeyring(Session(home, environ))


def listed(home: Path, environ: dict[str, str]) -> tuple[Key, ...]:
    return ring_of(home, environ).keys()


@pytest.mark.parametrize("name", keyrings.home_names())
def test_every_home_is_listed_in_gpgs_order(home: Callable[[str], Path], environ: dict[str, str], name: str) -> None:
    keys = ring_of(home(name), environ).keys()
    assert [key.fingerprint for key in keys] == keyrings.fingerprints(home(name))


def test_alices_keyring_is_what_the_fixtures_say(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    keys = {key.fingerprint: key for key in listed(home("alice"), environ)}
    for name in keyrings.known_names():
        fact, key = known(name), keys[Fingerprint(known(name).fingerprint)]
        assert tuple(user_id.text for user_id in key.user_ids) == fact.user_ids
        assert "/".join(dict.fromkeys(part.algorithm for part in key.parts)) == fact.algorithm
        assert "".join(part.key_id for part in key.parts if part.can("e")) == fact.encryption_key_id
        assert key.has_secret is (name == "alice")
    assert keys[Fingerprint(known("alice").fingerprint)].ownertrust is OwnerTrust.ULTIMATE
    assert keys[Fingerprint(known("frank").fingerprint)].validity is Validity.UNKNOWN
    assert keys[Fingerprint(known("carol").fingerprint)].validity is Validity.FULL


def test_why_a_key_cannot_be_used_is_told_apart(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    keys = ring_of(home("alice"), environ).keys()
    reasons = {key.fingerprint: unusable_reason(key, now=NOW) for key in keys}
    found = {name: reasons[Fingerprint(known(name).fingerprint)] for name in keyrings.known_names()}
    assert {name: reason for name, reason in found.items() if reason is not None} == {
        "dave": Unusable.EXPIRED,
        "erin": Unusable.REVOKED,
        "grace-old": Unusable.EXPIRED,
        "henry": Unusable.NO_ENCRYPTION_SUBKEY,
    }


def test_a_disabled_key_is_told(home_copy: Callable[[str], Path], environ: dict[str, str]) -> None:
    own = home_copy("alice")
    keyrings.gpg(own, "--command-fd=0", "--edit-key", known("carol").fingerprint, stdin=b"disable\nsave\n")
    disabled = [key.fingerprint for key in listed(own, environ) if key.disabled]
    assert disabled == [known("carol").fingerprint]


def test_odd_user_ids_come_through_whole(fresh_home: Path, environ: dict[str, str]) -> None:
    odd = "Zoë: the \\ colon <zoë@example.com>"
    # A parameter file is UTF-8 whatever the locale is.
    keyrings.make_key_by_batch(
        fresh_home,
        "Key-Type: EDDSA",
        "Key-Curve: ed25519",
        "Name-Real: Zoë: the \\ colon",
        "Name-Email: zoë@example.com",
    )
    [key] = listed(fresh_home, environ)
    assert (key.user_id, key.user_ids[0].email) == (odd, "zoë@example.com")


def test_one_listing_serves_until_something_is_imported(
    home_copy: Callable[[str], Path], environ: dict[str, str]
) -> None:
    ring = ring_of(home_copy("frank-only"), environ)
    before = ring.keys()
    assert ring.keys() is before
    ring.import_keys(known("bob").public)
    after = ring.keys()
    assert [key.fingerprint for key in after] == keyrings.listed(known("frank").fingerprint, known("bob").fingerprint)


def test_a_key_is_found_by_any_of_its_key_ids(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    ring, bob = ring_of(home("alice"), environ), known("bob")
    for key_id in (bob.key_id, bob.encryption_key_id):
        found = ring.find(KeyId(key_id))
        assert found is not None
        assert found.fingerprint == bob.fingerprint
    assert ring.find(KeyId("0123456789ABCDEF")) is None


def test_ones_own_key_ids_are_those_with_a_secret_key(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    alice = known("alice")
    assert ring_of(home("alice"), environ).own_key_ids() == {alice.key_id, alice.encryption_key_id}
    assert ring_of(home("frank-only"), environ).own_key_ids() == frozenset()


def test_without_an_agent_the_public_keys_are_still_listed(
    home_copy: Callable[[str], Path], environ: dict[str, str]
) -> None:
    own = home_copy("pm-prod")
    (own / "gpg.conf").write_text("agent-program /nonexistent/gpg-agent\n")
    ring = ring_of(own, environ)
    [key] = ring.keys()
    assert key.fingerprint == known("puppetmaster-prod").fingerprint
    assert ring.own_key_ids() == frozenset()


def test_what_is_imported_is_told(fresh_home: Path, environ: dict[str, str]) -> None:
    ring, bob = ring_of(fresh_home, environ), Fingerprint(known("bob").fingerprint)
    assert ring.import_keys(known("bob").public) == (Imported(bob, is_new=True, is_changed=True, has_secret=False),)
    assert ring.import_keys(known("bob").public) == (Imported(bob, is_new=False, is_changed=False, has_secret=False),)
    [secret] = ring.import_keys(known("bob").secret)
    assert (secret.fingerprint, secret.has_secret) == (bob, True)


def test_a_file_without_a_key_is_an_error(fresh_home: Path, environ: dict[str, str]) -> None:
    with pytest.raises(GnupgError, match="no key was imported"):
        ring_of(fresh_home, environ).import_keys(b"this is no key\n")


def test_an_export_holds_the_wanted_subkey_alone(fresh_home: Path, environ: dict[str, str]) -> None:
    then = datetime.now(UTC) - timedelta(days=30)
    fingerprint = keyrings.make_key(fresh_home, NewKey(at=then))
    keyrings.add_subkey(fresh_home, fingerprint)
    ring = ring_of(fresh_home, environ)
    [key] = ring.keys()
    exported = ring.export([key.subkeys[0], key.subkeys[0]])
    listed = keyrings.gpg(fresh_home, "--with-colons", "--show-keys", stdin=exported).decode().splitlines()
    assert [line.split(":")[4] for line in listed if line[:4] in {"pub:", "sub:"}] == [
        key.primary.key_id,
        key.subkeys[0].key_id,
    ]


def test_nothing_wanted_is_nothing_exported(fresh_home: Path, environ: dict[str, str]) -> None:
    assert ring_of(fresh_home, environ).export([]) == b""


def test_a_key_that_is_gone_cannot_be_exported(
    home: Callable[[str], Path], fresh_home: Path, environ: dict[str, str]
) -> None:
    subkey = ring_of(home("alice"), environ).keys()[0].subkeys[0]
    with pytest.raises(GnupgError, match="could not export the recipients' keys"):
        ring_of(fresh_home, environ).export([subkey])


def test_a_home_that_cannot_be_listed_is_an_error(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "pubring.kbx").mkdir()
    with pytest.raises(GnupgError, match="could not list the keys of"):
        ring_of(tmp_path, environ).keys()
