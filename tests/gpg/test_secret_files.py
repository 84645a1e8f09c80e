"""How a secret key is kept, told by its file: new and old forms, used and never used."""

from pathlib import Path

import pytest

from eyamlgpg.gpg.master_home import secret_parts
from eyamlgpg.gpg.secret_files import protection_of
from eyamlgpg.model.keys import KeyId, Protection
from tests.support import keyrings
from tests.support.keyrings import known

GRIP = "A" * 40


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (b"(11:private-key(3:rsa(1:n1:x)))", Protection.CLEAR),
        (b"(21:protected-private-key(3:rsa(1:n1:x)(9:protected25:openpgp-s2k3-sha1-aes-cbc)))", Protection.PASSPHRASE),
        (b"(20:shadowed-private-key(3:rsa(1:n1:x)))", Protection.CARD),
        (b"Created: 20230101T000000\nKey: (private-key (ecc (curve Ed25519)))\n", Protection.CLEAR),
        (
            b"Key: (protected-private-key (rsa (n #00#)(protected openpgp-native\n  (a (prot\n ection none)))))\n",
            Protection.CLEAR,
        ),
        (
            b"(21:protected-private-key(3:rsa(9:protected14:openpgp-native(1:a(10:protection4:none)))))",
            Protection.CLEAR,
        ),
        (b"Key: (shadowed-private-key (rsa (n #00#)))\n", Protection.CARD),
        (b"", Protection.UNKNOWN),
        (b"nonsense", Protection.UNKNOWN),
    ],
)
def test_a_file_tells_how_its_key_is_kept(tmp_path: Path, content: bytes, kept: Protection) -> None:
    (tmp_path / "private-keys-v1.d").mkdir()
    (tmp_path / "private-keys-v1.d" / f"{GRIP}.key").write_bytes(content)
    assert protection_of(tmp_path, GRIP) is kept


def test_a_file_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert protection_of(tmp_path, GRIP) is Protection.UNKNOWN


@pytest.mark.parametrize("passphrase", ["", "x"])
def test_a_real_key_before_and_after_its_first_use(fresh_home: Path, environ: dict[str, str], passphrase: str) -> None:
    """gpg keeps an imported key as it came until it is used."""
    expected = Protection.PASSPHRASE if passphrase else Protection.CLEAR
    loopback = ("--pinentry-mode", "loopback", "--passphrase", passphrase)
    keyrings.gpg(fresh_home, *loopback, "--quick-generate-key", "made@example.com", "rsa2048", "encr")
    assert {*secret_parts(fresh_home, environ)[1].values()} == {expected}

    keyrings.gpg(fresh_home, "--import", stdin=known("puppetmaster-prod").secret)
    keys, kept = secret_parts(fresh_home, environ)
    assert len(keys) == 2
    assert kept[KeyId(known("puppetmaster-prod").encryption_key_id)] is Protection.CLEAR
