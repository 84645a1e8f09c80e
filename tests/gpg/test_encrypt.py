"""Encryption: to exactly the keys that were asked for, whatever gpg.conf says and whatever the keys are like."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pysequoia import Profile, Tsk

from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter, names_exactly
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from tests.support import keyrings
from tests.support.keyrings import NewKey
from tests.support.keys import ALICE, BOB
from tests.support.messages import encrypted_to


def made(home: Path, environ: dict[str, str], subkeys: list[Subkey], plaintext: bytes = b"secret") -> bytes:
    session = Session(home, environ)
    return OpenpgpEncrypter(session, GnupgKeyring(session)).encrypt(plaintext, subkeys)


def chosen(home: Path, environ: dict[str, str], fingerprint: str) -> Subkey:
    keys = GnupgKeyring(Session(home, environ)).keys()
    subkey = next(key for key in keys if key.fingerprint == fingerprint).encryption_subkey(datetime.now(UTC))
    assert subkey is not None
    return subkey


def test_a_message_that_names_a_key_id_twice_is_not_to_exactly_these() -> None:
    """What is sealed is proved so: a third session key may call itself by the same key ID."""
    alice, bob = ALICE.subkeys[0], BOB.subkeys[0]
    once, twice = (base64.b64decode(one[8:-1]) for one in (encrypted_to(ALICE, BOB), encrypted_to(ALICE, BOB, ALICE)))
    assert names_exactly(once, [bob, alice])
    assert not names_exactly(twice, [bob, alice])


def opened(home: Path, message: bytes) -> bytes:
    return keyrings.gpg(home, "--decrypt", stdin=message)


def test_gpg_conf_does_not_change_what_is_written(home_copy: Callable[[str], Path], environ: dict[str, str]) -> None:
    home = home_copy("alice")
    carol = keyrings.known("carol").fingerprint
    (home / "gpg.conf").write_text(f"encrypt-to {carol}\nthrow-keyids\narmor\ndefault-key {carol}\ncomment hello\n")
    alice = chosen(home, environ, keyrings.known("alice").fingerprint)
    message = made(home, environ, [alice])
    assert packets.read(message).key_ids == (alice.key_id,)
    assert not message.startswith(b"-----")


def test_gpg_conf_does_not_change_what_gpg_itself_writes(
    fresh_home: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint, other = keyrings.make_key(fresh_home), keyrings.make_key(fresh_home, NewKey("Other <o@example.com>"))
    (fresh_home / "gpg.conf").write_text(f"encrypt-to {other}\nthrow-keyids\narmor\n")
    _refuse_in_process(monkeypatch)
    subkey = chosen(fresh_home, environ, fingerprint)
    message = made(fresh_home, environ, [subkey])
    assert packets.read(message).key_ids == (subkey.key_id,)
    assert opened(fresh_home, message) == b"secret"


def _refuse_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.gpg.sealing.in_process.readers_of", lambda _exported, _subkeys: None)


@pytest.mark.parametrize("plaintext", [b"", b"\n", bytes(range(256)), b"y" * 300_000], ids=lambda text: f"{len(text)}")
@pytest.mark.parametrize("way", ["in process", "by gpg"])
def test_both_ways_are_opened_by_gpg(
    fresh_home: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, plaintext: bytes, way: str
) -> None:
    if way == "by gpg":
        _refuse_in_process(monkeypatch)
    subkey = chosen(fresh_home, environ, keyrings.make_key(fresh_home))
    message = made(fresh_home, environ, [subkey], plaintext)
    assert packets.read(message).integrity_protected
    assert opened(fresh_home, message) == plaintext


def test_only_the_newest_of_two_encryption_subkeys_is_used(fresh_home: Path, environ: dict[str, str]) -> None:
    """gpg encrypts to the newest; the certificate is exported without the other."""
    then = datetime.now(UTC) - timedelta(days=30)
    fingerprint = keyrings.make_key(fresh_home, NewKey(at=then))
    newest = keyrings.add_subkey(fresh_home, fingerprint)
    subkey = chosen(fresh_home, environ, fingerprint)
    assert subkey.fingerprint == newest
    assert packets.read(made(fresh_home, environ, [subkey])).key_ids == (subkey.key_id,)


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(days=1)], ids=["the same second", "a day apart"])
def test_the_subkey_is_the_one_that_gpg_chooses(fresh_home: Path, environ: dict[str, str], apart: timedelta) -> None:
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    fingerprint = keyrings.make_key(fresh_home, NewKey(at=first, subkeys=()))
    for moment in (first + timedelta(hours=1), first + timedelta(hours=1) + apart):
        keyrings.add_subkey(fresh_home, fingerprint, "cv25519", NewKey(at=moment))
    by_gpg = keyrings.gpg(fresh_home, "--trust-model=always", "-r", fingerprint, "--encrypt", stdin=b"x")
    assert packets.read(by_gpg).key_ids == (chosen(fresh_home, environ, fingerprint).key_id,)


def test_a_primary_key_that_can_encrypt_is_not_encrypted_to_beside_its_subkey(
    fresh_home: Path, environ: dict[str, str]
) -> None:
    fingerprint = keyrings.make_key_by_batch(
        fresh_home,
        "Key-Type: RSA",
        "Key-Length: 2048",
        "Key-Usage: cert,sign,encrypt",
        "Subkey-Type: RSA",
        "Subkey-Length: 2048",
        "Subkey-Usage: encrypt",
        "Name-Real: Old Style",
    )
    subkey = chosen(fresh_home, environ, fingerprint)
    message = made(fresh_home, environ, [subkey])
    assert packets.read(message).key_ids == (subkey.key_id,)
    assert opened(fresh_home, message) == b"secret"


def test_a_key_with_only_sha1_self_signatures_is_encrypted_to(fresh_home: Path, environ: dict[str, str]) -> None:
    """Others refuse it, gpg accepts it: gpg is the judge."""
    (fresh_home / "gpg.conf").write_text("cert-digest-algo SHA1\nallow-weak-key-signatures\n")
    fingerprint = keyrings.make_key_by_batch(
        fresh_home,
        "Key-Type: RSA",
        "Key-Length: 2048",
        "Key-Usage: cert,sign",
        "Subkey-Type: RSA",
        "Subkey-Length: 2048",
        "Subkey-Usage: encrypt",
        "Name-Real: Old Hash",
    )
    subkey = chosen(fresh_home, environ, fingerprint)
    message = made(fresh_home, environ, [subkey])
    assert packets.read(message).key_ids == (subkey.key_id,)
    assert opened(fresh_home, message) == b"secret"


def test_a_key_made_by_sequoia_gets_a_message_that_gpg_can_open(fresh_home: Path, environ: dict[str, str]) -> None:
    """Such a key asks for version 2 of the encrypted data (RFC 9580, 5.13.2), which gpg 2.2 and 2.4 cannot read."""
    made_there = Tsk.generate(user_id="Sue Sequoia <sue@example.com>", profile=Profile.RFC4880)
    keyrings.gpg(fresh_home, "--import", stdin=bytes(made_there))
    subkey = chosen(fresh_home, environ, keyrings.fingerprints(fresh_home)[0])
    message = made(fresh_home, environ, [subkey])
    assert packets.read(message).key_ids == (subkey.key_id,)
    assert opened(fresh_home, message) == b"secret"


def test_ten_megabytes_are_no_trouble(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    alice = chosen(home("alice"), environ, keyrings.known("alice").fingerprint)
    plaintext = bytes(range(250)) * 40_000
    assert opened(home("alice"), made(home("alice"), environ, [alice], plaintext)) == plaintext
