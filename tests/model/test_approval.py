"""A signature approves a file only where every word of gpg's says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eyamlgpg.model.approval import Approval, Judgement, Signed, Terms, approval
from eyamlgpg.model.keys import Fingerprint

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ALICE, BOB = Fingerprint("A" * 40), Fingerprint("B" * 40)
TERMS = Terms((ALICE,), NOW)
PATH = "prod/hiera-eyaml-gpg.recipients"
GOOD = Signed(Judgement.GOOD, "C" * 40, ALICE, "Alice", NOW, 8, "00", PATH)
WHO = f"Alice, {ALICE}"

FAULTS: dict[str, tuple[Signed, str]] = {
    "changed": (
        Signed(Judgement.CHANGED, "A" * 16, user_id="Alice"),
        f"was changed after it was signed (by the key {'A' * 16})",
    ),
    "no-key": (Signed(Judgement.NO_KEY, "B" * 40), f"is signed by the key {'B' * 40}, which is not at hand"),
    "unreadable": (Signed(Judgement.UNREADABLE), "has a signature that cannot be read"),
    "a-stranger": (replace(GOOD, primary=BOB), f"is signed by the key {BOB}, which is no approver's"),
    "a-subkey-of-a-stranger": (
        replace(GOOD, issuer=ALICE, primary=BOB),
        f"is signed by the key {BOB}, which is no approver's",
    ),
    "expired-key": (replace(GOOD, judgement=Judgement.EXPIRED_KEY), f"is signed by {WHO}, whose key has expired"),
    "revoked-key": (replace(GOOD, judgement=Judgement.REVOKED_KEY), f"is signed by {WHO}, whose key was revoked"),
    "expired": (replace(GOOD, judgement=Judgement.EXPIRED), f"has a signature of {WHO} that has expired"),
    "sha-1": (
        replace(GOOD, hash_algorithm=2),
        f"is signed by {WHO} with a hash that can be forged (SHA-1 or older)",
    ),
    "text": (
        replace(GOOD, kind="01"),
        f"has a signature of {WHO} that is not one over the bytes of a file",
    ),
    "no-path": (replace(GOOD, path=None), f"is signed by {WHO}, but for no place, so that it may have been moved here"),
    "another-path": (
        replace(GOOD, path="dev/hiera-eyaml-gpg.recipients"),
        f"has a signature of {WHO} that is for dev/hiera-eyaml-gpg.recipients",
    ),
    "the-future": (
        replace(GOOD, made=NOW + timedelta(days=2)),
        f"has a signature of {WHO} that is dated in the future: a clock is wrong",
    ),
}


@pytest.mark.parametrize(("signed", "problem"), FAULTS.values(), ids=FAULTS)
def test_one_fault_is_enough(signed: Signed, problem: str) -> None:
    judged = approval(PATH, [signed], TERMS)
    assert (judged.by, judged.problem, judged.is_unsigned) == (None, problem, False)


@pytest.mark.parametrize("signed", [GOOD, replace(GOOD, made=NOW + timedelta(hours=2))], ids=["now", "a-fast-clock"])
def test_an_approvers_signature_for_this_place_counts(signed: Signed) -> None:
    assert approval(PATH, [signed], TERMS) == Approval(PATH, signed)


@pytest.mark.parametrize("other", [fault for fault, _ in FAULTS.values()], ids=FAULTS)
def test_signatures_that_do_not_count_hide_none_that_does(other: Signed) -> None:
    assert approval(PATH, [other, GOOD, other], TERMS).by == GOOD


def test_the_newest_is_told_and_an_approvers_fault_before_a_strangers() -> None:
    newer = replace(GOOD, made=NOW + timedelta(hours=1))
    assert approval(PATH, [GOOD, newer, GOOD], TERMS).by == newer
    told = approval(PATH, [FAULTS["a-stranger"][0], FAULTS["expired-key"][0]], TERMS)
    assert told.problem == FAULTS["expired-key"][1]


def test_no_signature_file_and_an_empty_one() -> None:
    assert approval(PATH, None, TERMS) == Approval(PATH, problem="is not signed by an approver", is_unsigned=True)
    assert approval(PATH, [], TERMS).problem == "has a signature file that holds no signature"
