"""A hint to import a key names the command that has it, and nothing is promised that the repository does not keep."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.keys import Fingerprint, Key, KeyId, OwnerTrust, Validity
from eyamlgpg.model.recipients import Recipient, Refused
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.tree.kept_keys import KeptKeys
from eyamlgpg.operations.tree_ports import Tree
from eyamlgpg.rules.keys import Listed, without_key
from tests.support.fakes import FakeTree
from tests.support.keyrings import known
from tests.support.keys import ALICE, NOW, fingerprint, key, subkey

BOB = known("bob")
REPOSITORY = "eyamlgpg keys import --repo"
FILE = "import it: eyamlgpg keys import FILE"


def kept(*names: str) -> KeptKeys:
    files = {f".eyamlgpg/keys/{known(name).fingerprint}.asc": known(name).public.decode() for name in names}
    return KeptKeys(lambda: FakeTree(files))


def refused(name: str, keys: KeptKeys, ring: Sequence[Key] = (ALICE,), comment: str | None = None) -> Refused:
    recipient = Recipient(name, "team", 3, comment=comment)
    [found] = Resolver(lambda: ring, NOW, kept=keys.find).resolve([recipient])
    assert isinstance(found, Refused)
    return found


@pytest.mark.parametrize(
    "name",
    [
        BOB.fingerprint,
        f"0x{BOB.fingerprint.lower()}",
        BOB.fingerprint[-16:],
        f"{BOB.encryption_key_id}!",
        BOB.user_ids[0],
        BOB.user_ids[0].partition("<")[2].rstrip(">").upper(),
        "<bob@example.com>",
    ],
)
def test_a_key_that_the_repository_keeps_comes_from_there(name: str) -> None:
    hint = refused(name, kept("alice", "bob")).error.hints[-1]
    called = "it" if name == BOB.fingerprint else BOB.fingerprint
    assert hint == f"the repository keeps {called}, as {BOB.user_ids[0]}: {REPOSITORY}"


@pytest.mark.parametrize("name", [fingerprint("nobody"), "nobody@example.com", "bob", "nowhere.org"])
def test_a_key_that_it_does_not_keep_comes_from_a_file(name: str) -> None:
    assert refused(name, kept("alice", "bob")).error.hints[-1] == FILE


def test_a_repository_that_cannot_be_read_stands_in_the_way_of_nothing() -> None:
    def closed() -> Tree:
        raise FileProblem("closed")

    assert refused(BOB.fingerprint, KeptKeys(closed)).error.hints == (FILE,)
    broken = KeptKeys(lambda: FakeTree({f".eyamlgpg/keys/{BOB.fingerprint}.asc": "no key"}))
    assert refused(BOB.fingerprint, broken).error.hints == (FILE,)


def test_an_expired_key_may_be_newer_there() -> None:
    expired = key(
        "Bob", primary=replace(subkey("bob", "sc", validity=Validity.EXPIRED), fingerprint=Fingerprint(BOB.fingerprint))
    )
    hints = refused(BOB.fingerprint, kept("bob"), (expired,)).error.hints
    assert hints[-1] == f"the repository keeps it, as {BOB.user_ids[0]}: {REPOSITORY}"


@pytest.mark.parametrize(
    ("trust", "is_told"), [(OwnerTrust.FULL, True), (OwnerTrust.ULTIMATE, True), (OwnerTrust.UNKNOWN, False)]
)
def test_a_certification_by_somebody_trusted_is_told_where_the_repository_has_it(
    trust: OwnerTrust, is_told: bool
) -> None:
    name = next(name for name in ("bob", "carol", "dave", "erin") if _signer(name) is not None)
    signer, one = _signer(name), known(name)
    assert signer is not None
    primary = replace(subkey("signer", "sc"), key_id=signer)
    sam = replace(key("Sam <sam@example.com>", primary=primary), ownertrust=trust)
    fresh = replace(subkey(name, "sc", validity=Validity.UNKNOWN), fingerprint=Fingerprint(one.fingerprint))
    uncertified = key(one.user_ids[0], validity=Validity.UNKNOWN, primary=fresh)
    hints = refused(one.fingerprint, kept(name), (sam, uncertified)).error.hints
    told = "its copy in .eyamlgpg/keys is certified by Sam <sam@example.com>, whom you trust to certify: "
    assert (hints[0] == told + REPOSITORY) is is_told


def _signer(name: str) -> KeyId | None:
    found = kept(name).find(known(name).fingerprint)
    return next(iter(found.certified_by), None) if found else None


@pytest.mark.parametrize(
    ("comment", "described"),
    [
        ("Bob Brown <bob@example.com>", f"{BOB.fingerprint} (by its comment Bob Brown <bob@example.com>)"),
        ("password: Kirschkuchen9", BOB.fingerprint),
        (None, BOB.fingerprint),
    ],
)
def test_a_fingerprint_that_is_not_here_is_told_with_the_comment_above_it(comment: str | None, described: str) -> None:
    found = refused(BOB.fingerprint, kept(), comment=comment)
    assert found.error.sentence == f"team:3: {described}: no such key on the keyring"
    missing = without_key(found, Listed(found.recipient.described, found.recipient, 1))
    assert (missing.message.startswith(f"{described}: "), missing.hint) == (True, FILE)
