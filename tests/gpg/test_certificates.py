"""Whole keys out of real keyrings and into them: stable, minimal, and never more trusted for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.openpgp.certificate import Certificate, parse_one
from eyamlgpg.gpg.certificates import GnupgCertificates
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, OwnerTrust, Validity
from tests.support import keyrings
from tests.support.keyrings import known

ALICE = Fingerprint(known("alice").fingerprint)


def certificates(home: Path, environ: dict[str, str]) -> GnupgCertificates:
    gpg = Session(home, environ)
    return GnupgCertificates(gpg, GnupgKeyring(gpg), environ)


def shape(key: Certificate) -> list[tuple[int, int]]:
    return [(part.tag, len(part.signatures)) for part in key.components]


def test_the_whole_key_has_everybodys_certifications_and_the_minimal_one_none(
    home: Callable[[str], Path], environ: dict[str, str]
) -> None:
    alice = certificates(home("bob"), environ)
    whole = alice.whole([ALICE])
    minimal = alice.minimal(ALICE, [whole])
    assert shape(parse_one(whole)) == [(6, 0), (13, 2), (13, 2), (14, 1)]
    assert shape(parse_one(minimal)) == [(6, 0), (13, 1), (13, 1), (14, 1)]


def test_the_minimal_key_is_merged_from_copies_and_keeps_the_newest_signatures(
    fresh_home: Path, environ: dict[str, str]
) -> None:
    fingerprint = Fingerprint(keyrings.make_key(fresh_home))
    here = certificates(fresh_home, environ)
    old = here.whole([fingerprint])
    keyrings.gpg(fresh_home, "--quick-set-expire", fingerprint, "3y")
    new = here.whole([fingerprint])
    merged = {here.minimal(fingerprint, copies) for copies in ([old, new], [new, old], [new])}
    assert len(merged) == 1
    assert shape(parse_one(merged.pop())) == [(6, 0), (13, 1), (14, 1)]
    assert here.minimal(fingerprint, [old]) != here.minimal(fingerprint, [new])


def test_what_is_not_on_the_keyring_cannot_be_exported(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    empty = certificates(home("empty"), environ)
    with pytest.raises(GnupgError, match=rf"^gpg could not export {ALICE}: "):
        empty.whole([ALICE])
    with pytest.raises(GnupgError, match=rf"^gpg refuses the key {ALICE}: "):
        empty.minimal(ALICE, [])
    assert empty.whole([]) == b""


def test_an_import_neither_certifies_nor_trusts_whatever_gpg_conf_says(
    fresh_home: Path, environ: dict[str, str]
) -> None:
    (fresh_home / "gpg.conf").write_text("import-options import-local-sigs,keep-ownertrust\n")
    gpg = Session(fresh_home, environ)
    keyring = GnupgKeyring(gpg)
    taken = GnupgCertificates(gpg, keyring, environ).take(known("alice").public)
    [key] = keyring.keys()
    assert (taken.fingerprint, taken.is_new, taken.has_secret) == (ALICE, True, False)
    assert (key.validity, key.ownertrust) == (Validity.UNKNOWN, OwnerTrust.UNKNOWN)


def test_gpg_refuses_a_key_whose_self_signatures_do_not_verify(fresh_home: Path, environ: dict[str, str]) -> None:
    damaged = bytearray(certificates_of("bob"))
    damaged[70] ^= 1
    with pytest.raises(GnupgError, match="^gpg refuses the key: "):
        certificates(fresh_home, environ).take(bytes(damaged))


def test_a_key_of_a_version_that_gpg_does_not_know_is_told_so(fresh_home: Path, environ: dict[str, str]) -> None:
    """RFC 9580, 5.5.2.3: version 6, the time of making, Ed25519 (27), and 32 octets of it."""
    body = bytes([6]) + bytes(4) + bytes([27]) + (32).to_bytes(4) + bytes(range(32))
    with pytest.raises(GnupgError, match=r"refuses the key: it is of version 6 \(RFC 9580\)"):
        certificates(fresh_home, environ).take(bytes([0xC6, len(body)]) + body)


def certificates_of(name: str) -> bytes:
    from eyamlgpg.formats.openpgp.armor import dearmored

    return dearmored(known(name).public)
