"""Detached signatures as gpg makes and judges them: old, revoked and forged ones, and several in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.openpgp import detached
from eyamlgpg.gpg.session import Session
from eyamlgpg.gpg.signatures import GnupgSignatures
from eyamlgpg.model.approval import MOST_SIGNATURES, Judgement, Signed, Terms, approval
from eyamlgpg.model.keys import Fingerprint
from tests.support import keyrings
from tests.support.keyrings import NewKey, known

TEXT = b"51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n"
PATH = "prod/hiera-eyaml-gpg.recipients"
NOTE = ("--sig-notation", f"path@eyamlgpg={PATH}")
ALICE = Fingerprint(known("alice").fingerprint)
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """One GnuPG home."""

    home: Path
    signatures: GnupgSignatures

    def made(self, *options: str, key: str = ALICE, at: datetime | None = None) -> bytes:
        """A signature as gpg makes it by hand."""
        words = ("--detach-sign", "--pinentry-mode", "loopback", "--passphrase", "", "-u", key, *options, "-o", "-")
        return keyrings.gpg(self.home, *words, stdin=TEXT, at=at)

    def problem(self, signature: bytes, approver: str = ALICE) -> str | None:
        """What is wrong with a signature."""
        verified = self.signatures.verify(TEXT, signature)
        return approval(PATH, verified, Terms((Fingerprint(approver),), NOW)).problem


@pytest.fixture
def desk(home: Callable[[str], Path], environ: dict[str, str]) -> Desk:
    return Desk(home("alice"), GnupgSignatures(Session(home("alice"), environ)))


@pytest.fixture
def fresh(fresh_home: Path, environ: dict[str, str]) -> Desk:
    return Desk(fresh_home, GnupgSignatures(Session(fresh_home, environ)))


@pytest.mark.parametrize("path", [PATH, "a b/%f/%%/ä\udcff/x=y@z;é.recipients", "x" * 300])
def test_a_signature_says_what_it_is_for_and_who_made_it(desk: Desk, path: str) -> None:
    made = desk.signatures.sign(TEXT, ALICE, path)
    [signed] = desk.signatures.verify(TEXT, made)
    assert (signed.judgement, signed.primary, signed.path, signed.kind) == (Judgement.GOOD, ALICE, path, "00")
    assert approval(path, [signed], Terms((ALICE,), NOW)).by == signed


def test_gpg_alone_verifies_what_we_sign(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(TEXT)
    (tmp_path / "list.sig").write_bytes(detached.joined((desk.signatures.sign(TEXT, ALICE, PATH),)))
    keyrings.gpg(desk.home, "--verify", str(tmp_path / "list.sig"), str(tmp_path / "list"))


def test_settings_of_gpg_change_nothing(fresh: Desk) -> None:
    key = keyrings.make_key(fresh.home)
    (fresh.home / "gpg.conf").write_text(
        "armor\ntextmode\ndigest-algo SHA1\nsig-notation path@eyamlgpg.example=elsewhere\nauto-key-retrieve\n"
    )
    made = fresh.signatures.sign(TEXT, Fingerprint(key), PATH)
    assert fresh.problem(made, key) is None


FORGED: dict[str, tuple[tuple[str, ...], str]] = {
    "sha-1": ((*NOTE, "--digest-algo", "SHA1"), "with a hash that can be forged"),
    "text": ((*NOTE, "--textmode"), "that is not one over the bytes of a file"),
    "no-place": ((), "but for no place"),
    "two-places": ((*NOTE, "--sig-notation", "path@eyamlgpg=dev/x"), "but for no place"),
    "elsewhere": (("--sig-notation", "path@eyamlgpg=dev/x"), "that is for dev/x"),
}


@pytest.mark.parametrize(("options", "said"), FORGED.values(), ids=FORGED)
def test_a_signature_made_otherwise_does_not_count(desk: Desk, options: tuple[str, ...], said: str) -> None:
    assert said in (desk.problem(desk.made(*options)) or "")


def test_a_signing_subkey_signs_for_its_primary_key(fresh: Desk) -> None:
    key = keyrings.make_key(fresh.home)
    options = ("--pinentry-mode", "loopback", "--passphrase", "")
    keyrings.gpg(fresh.home, *options, "--quick-add-key", key, "ed25519", "sign", "0")
    [signed] = fresh.signatures.verify(TEXT, fresh.signatures.sign(TEXT, Fingerprint(key), PATH))
    assert signed.issuer != key
    assert approval(PATH, [signed], Terms((Fingerprint(key),), NOW)).by == signed
    assert approval(PATH, [signed], Terms((Fingerprint(signed.issuer),), NOW)).by is None


def test_an_approvers_key_that_expired_or_was_revoked_approves_nothing_any_more(fresh: Desk) -> None:
    past = NOW - timedelta(days=10)
    old = keyrings.make_key(fresh.home, NewKey("Old <old@example.com>", expires="1d", at=past))
    signature = fresh.made(*NOTE, key=old, at=past)
    assert "whose key has expired" in (fresh.problem(signature, old) or "")
    gone = keyrings.make_key(fresh.home, NewKey("Gone <gone@example.com>"))
    signature = fresh.made(*NOTE, key=gone)
    assert fresh.problem(signature, gone) is None
    keyrings.revoke(fresh.home, gone)
    assert "whose key was revoked" in (fresh.problem(signature, gone) or "")
    with pytest.raises(GnupgError, match=f"{PATH}: was not signed by {gone}"):
        fresh.signatures.sign(TEXT, Fingerprint(gone), PATH)


def test_dates_count(desk: Desk) -> None:
    yesterday = NOW - timedelta(days=3)
    expired = desk.made(*NOTE, "--default-sig-expire", "1d", at=yesterday)
    assert "that has expired" in (desk.problem(expired) or "")
    assert "dated in the future" in (desk.problem(desk.made(*NOTE, at=NOW + timedelta(days=400))) or "")


def test_several_signatures_are_judged_each_by_itself(desk: Desk) -> None:
    good, other = desk.made(*NOTE), desk.made("--digest-algo", "SHA512", *NOTE[:1], "path@eyamlgpg=dev/x")
    whole = detached.joined((other, good))
    assert [one.path for one in desk.signatures.verify(TEXT, whole)] == ["dev/x", PATH]
    assert desk.problem(whole) is None
    assert "was changed after" in (
        approval(PATH, desk.signatures.verify(b"x", whole), Terms((ALICE,), NOW)).problem or ""
    )


def test_a_key_that_is_not_at_hand_is_told(desk: Desk, fresh: Desk) -> None:
    key = keyrings.make_key(fresh.home)
    assert desk.problem(fresh.made(*NOTE, key=key)) == f"is signed by the key {key}, which is not at hand"


@pytest.mark.parametrize(
    "content",
    [b"x", b"-----BEGIN PGP SIGNATURE-----\n\nxx", known("alice").public, b"\x88\xff", b"\xca\x03PGP"],
    ids=["text", "half", "a-key", "cut-short", "a-marker"],
)
def test_what_is_no_signature_is_told(desk: Desk, content: bytes) -> None:
    assert desk.signatures.verify(TEXT, content) == (Signed(Judgement.UNREADABLE),)


def test_a_file_of_very_many_signatures_is_not_read(desk: Desk) -> None:
    whole = desk.made(*NOTE) * (MOST_SIGNATURES + 1)
    assert desk.signatures.verify(TEXT, whole) == (Signed(Judgement.UNREADABLE),)
    assert desk.signatures.verify(TEXT, b"") == ()


def test_a_large_content_is_no_obstacle_to_a_signature_that_gpg_gives_up(desk: Desk) -> None:
    good = desk.made(*NOTE)
    [signed] = desk.signatures.verify(TEXT * 20_000, good)
    assert signed.judgement is Judgement.CHANGED
    broken = good[:3] + b"\x07" + good[4:]
    assert desk.signatures.verify(TEXT * 20_000, broken)[0].judgement is not Judgement.GOOD
