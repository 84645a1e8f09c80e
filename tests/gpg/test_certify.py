"""Certifying by real gpg: who did, locally or for everybody, and what stops it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg import certify
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.certifications import Verdict
from eyamlgpg.model.keys import Key, OwnerTrust, Validity
from eyamlgpg.operations.keys.sign import good, unknown_issuers
from tests.support import keyrings, pinentry
from tests.support.keyrings import known


def key(gpg: Session, name: str) -> Key:
    return by_fingerprint(gpg, known(name).fingerprint)


def by_fingerprint(gpg: Session, fingerprint: str) -> Key:
    present = GnupgKeyring(gpg).keys()
    return next(one for one in present if one.fingerprint == fingerprint)


def test_who_certified_a_key_is_told_without_its_owner(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    gpg = Session(home("bob"), environ)
    found = good(certify.certifications_of(gpg, key(gpg, "carol")))
    assert {(one.user_id, one.issuer, one.issuer_name, one.is_exportable) for one in found} == {
        ("Carol Chen <carol@example.com>", known("alice").key_id, "Alice at Home <alice@home.example.org>", True),
        ("Carol Chen <carol@example.com>", known("bob").key_id, "Bob Brown <bob@example.com>", True),
    }


def test_those_who_are_not_on_the_keyring_are_counted(fresh_home: Path, environ: dict[str, str]) -> None:
    keyrings.gpg(fresh_home, "--import", stdin=known("carol").public)
    gpg = Session(fresh_home, environ)
    found = certify.certifications_of(gpg, key(gpg, "carol"))
    assert (good(found), unknown_issuers(found), {one.verdict for one in found}) == ((), 2, {Verdict.NO_KEY})


def test_a_local_signature_makes_a_key_valid_here_and_can_be_made_exportable(
    home_copy: Callable[[str], Path], environ: dict[str, str]
) -> None:
    gpg = Session(home_copy("bob-notrust"), environ)
    frank, bob = key(gpg, "frank"), key(gpg, "bob")
    seen = []
    for exportable in (False, False, True, True, False):
        certify.sign(gpg, frank, signer=bob, exportable=exportable)
        seen += [(one.issuer, one.is_exportable) for one in good(certify.certifications_of(gpg, frank))]
    assert seen == [(bob.primary.key_id, exportable) for exportable in (False, False, True, True, True)]
    assert key(gpg, "frank").validity is Validity.FULL


@pytest.mark.parametrize(("name", "reason"), [("erin", "Key is revoked"), ("dave", "Key not changed")])
def test_gpg_ends_well_without_a_signature_and_we_do_not(
    home_copy: Callable[[str], Path], environ: dict[str, str], name: str, reason: str
) -> None:
    gpg = Session(home_copy("bob-notrust"), environ)
    with pytest.raises(GnupgError, match=rf"^{known(name).fingerprint} was not certified: {reason}"):
        certify.sign(gpg, key(gpg, name), signer=key(gpg, "bob"), exportable=False)


def test_whoever_trusts_a_certifier_profits(home_copy: Callable[[str], Path], environ: dict[str, str]) -> None:
    gpg = Session(home_copy("bob-notrust"), environ)
    before = key(gpg, "puppetmaster-prod").validity
    certify.set_ownertrust(gpg, key(gpg, "alice"), OwnerTrust.FULL)
    assert (before.is_certified, key(gpg, "puppetmaster-prod").validity) == (False, Validity.FULL)
    assert key(gpg, "alice").ownertrust is OwnerTrust.FULL


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("say wrong", "the passphrase was wrong"), ("cancel", "the passphrase was not given")],
)
def test_the_passphrase_comes_from_pinentry_alone(
    fresh_home: Path, environ: dict[str, str], answer: str, sentence: str
) -> None:
    asked = pinentry.install(fresh_home, answer)
    mine = keyrings.make_key(fresh_home, keyrings.NewKey(passphrase="right"))
    asked.forget()
    keyrings.gpg(fresh_home, "--import", stdin=known("frank").public)
    gpg = Session(fresh_home, environ)
    frank, me = key(gpg, "frank"), by_fingerprint(gpg, mine)
    with pytest.raises(GnupgError, match=rf"^{frank.fingerprint} was not certified: {sentence}\Z"):
        certify.sign(gpg, frank, signer=me, exportable=False)
    asked.answer("say right")
    certify.sign(gpg, frank, signer=me, exportable=False)
    assert [one.issuer for one in good(certify.certifications_of(gpg, frank))] == [me.primary.key_id]
    assert len(asked.questions) == 1


def test_loopback_in_gpg_conf_leaves_the_question_to_pinentry(fresh_home: Path, environ: dict[str, str]) -> None:
    """As in opening: gpg would ask on a terminal of its own, which it has not."""
    mine = keyrings.make_key(fresh_home, keyrings.NewKey(passphrase="right"))
    asked = pinentry.install(fresh_home, "say right")
    keyrings.gpg(fresh_home, "--import", stdin=known("frank").public)
    (fresh_home / "gpg.conf").write_text("pinentry-mode loopback\n")
    gpg = Session(fresh_home, environ)
    certify.sign(gpg, key(gpg, "frank"), signer=by_fingerprint(gpg, mine), exportable=False)
    assert len(asked.questions) == 1


def test_where_nobody_can_be_asked_it_says_so(fresh_home: Path, environ: dict[str, str]) -> None:
    mine = keyrings.make_key(fresh_home, keyrings.NewKey(passphrase="right"))
    pinentry.install_program(fresh_home, fresh_home / "no-such-program")
    keyrings.gpg(fresh_home, "--import", stdin=known("frank").public)
    gpg = Session(fresh_home, environ)
    me = by_fingerprint(gpg, mine)
    with pytest.raises(GnupgError, match=r"was not certified: the passphrase could not be asked for\Z"):
        certify.sign(gpg, key(gpg, "frank"), signer=me, exportable=False)
