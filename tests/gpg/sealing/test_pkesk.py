"""What a new message has in it, and for which keys it is not made here."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eyamlgpg.formats.openpgp.public_keys import CURVE25519, P256, EcdhKey, RsaKey
from eyamlgpg.formats.openpgp.sealed import take_apart
from eyamlgpg.formats.openpgp.session_key import ecdh_fields
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing import in_process
from eyamlgpg.gpg.sealing.in_process import readers_of, seal
from eyamlgpg.gpg.sealing.pkesk import reader_of
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint
from tests.support import keyrings
from tests.support.keyrings import NewKey
from tests.support.oracles import others

NAME = Fingerprint("A" * 40)


def points(message: bytes) -> list[bytes]:
    return [ecdh_fields(key.encrypted)[0] for key in take_apart(message).session_keys if key.algorithm == 18]


def test_the_x25519_readers_of_a_message_share_an_ephemeral_key_and_no_two_messages_do() -> None:
    readers = others(12)
    first, second = points(seal(b"x", readers)), points(seal(b"x", readers))
    assert (len(first), len(set(first))) == (6, 1)
    assert set(first).isdisjoint(second)


def test_no_two_readers_have_the_same_wrapped_key() -> None:
    apart = take_apart(seal(b"x", others(12)))
    assert len({key.encrypted for key in apart.session_keys}) == 12


def test_the_same_plaintext_is_never_the_same_message() -> None:
    readers = others(2)
    assert len({take_apart(seal(b"x", readers)).data for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "key",
    [
        RsaKey(NAME, 1, modulus=3233, exponent=17),
        RsaKey(NAME, 1, modulus=(1 << 2047) + 1, exponent=1),
        EcdhKey(NAME, P256, b"\4" + bytes(64), hash=8, cipher=7),
    ],
    ids=["too short", "an exponent that does nothing", "not on the curve"],
)
def test_a_key_of_no_use_is_refused(key: RsaKey | EcdhKey) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - OpenSSL's, of many words
        reader_of(key)


def test_a_key_of_small_order_is_refused() -> None:
    reader = reader_of(EcdhKey(NAME, CURVE25519, b"\x40" + bytes(32), hash=8, cipher=7))
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        seal(b"x", [reader])


def test_keys_of_other_kinds_are_encrypted_to_by_gpg(
    fresh_home: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint = keyrings.make_key(fresh_home, NewKey(subkeys=("brainpoolP256r1",)))
    session = Session(fresh_home, environ)
    keyring = GnupgKeyring(session)
    subkey = keyring.keys()[0].encryption_subkey(datetime.now(UTC))
    assert subkey is not None
    assert subkey.fingerprint != fingerprint
    assert readers_of(keyring.export([subkey]), [subkey]) is None
    monkeypatch.setattr(in_process, "seal", None)
    message = OpenpgpEncrypter(session, keyring).encrypt(b"secret", [subkey])
    assert keyrings.gpg(fresh_home, "--decrypt", stdin=message) == b"secret"


def test_a_key_that_turns_out_to_be_of_no_use_is_left_to_gpg_for_good(
    home: Callable[[str], Path], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(home("bob"), environ)
    keyring = GnupgKeyring(session)
    listed = keyring.keys()
    [subkey] = [part for key in listed for part in key.parts if part.has_secret and part.can("e")]
    tried: list[bytes] = []

    def fails(plaintext: bytes, _readers: object) -> bytes:
        tried.append(plaintext)
        raise ValueError

    monkeypatch.setattr(in_process, "seal", fails)
    encrypter = OpenpgpEncrypter(session, keyring)
    for plaintext in (b"1", b"2"):
        assert keyrings.gpg(home("bob"), "--decrypt", stdin=encrypter.encrypt(plaintext, [subkey])) == plaintext
    assert tried == [b"1"]
