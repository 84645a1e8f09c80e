"""Whatever gpg.conf says: a plaintext is whole or it is an error, and a message holds what it should."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eyamlgpg.errors import DamagedMessage, DecryptionError, GnupgError
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.recrypting.recrypter import Effort, GnupgRecrypter
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from eyamlgpg.model.messages import Order, Recrypted
from tests.support import keyrings
from tests.support.keyrings import NewKey

PLAINTEXT = b"gpg: some words\r\nline 1\r\nline 2  \n" + bytes(range(256)) * 12

WITHOUT_EFFECT = [
    "max-output 2000",
    "output {home}/elsewhere",
    "use-embedded-filename",
    "dry-run",
    "quiet",
    "log-file {home}/log",
    "recipient nobody@example.com",
    "textmode",
    "status-fd 1",
    "debug-all",
]
REFUSED = ["logger-fd 1", "quiet\nlogger-fd 1", "unwrap", "list-only", "multifile", "passphrase-fd 0"]


class Zoe:
    """A fresh key, and a gpg.conf to write."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home = home
        self.fingerprint = keyrings.make_key(home)
        self.session = Session(home, environ)
        self.keyring = GnupgKeyring(self.session)
        self.decrypter = GnupgDecrypter(self.session, self.keyring)
        self.encrypter = OpenpgpEncrypter(self.session, self.keyring)

    def says(self, conf: str) -> None:
        (self.home / "gpg.conf").write_text(conf.format(home=self.home) + "\n")

    def subkey(self) -> Subkey:
        chosen = self.keyring.keys()[0].encryption_subkey(datetime.now(UTC))
        assert chosen
        return chosen

    def by_gpg(self, *options: str, plaintext: bytes = PLAINTEXT) -> bytes:
        """As the gems write: compressed, its length not told."""
        arguments = ["--trust-model=always", "--recipient", self.fingerprint, *options, "--encrypt"]
        return keyrings.gpg(self.home, *arguments, stdin=plaintext)

    def messages(self) -> list[bytes]:
        return [self.by_gpg(), self.encrypter.encrypt(PLAINTEXT, [self.subkey()])]

    def recrypted(self, messages: list[bytes]) -> list[Recrypted]:
        recrypter = GnupgRecrypter(self.keyring, self.decrypter, self.encrypter, Effort())
        return list(recrypter.recrypt_many(Order(message, ((self.subkey(),),)) for message in messages))


@pytest.fixture
def zoe(fresh_home: Path, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zoe:
    # `debug-all` writes what it hashes into the working directory.
    monkeypatch.chdir(tmp_path)
    return Zoe(fresh_home, environ)


@pytest.mark.parametrize("conf", WITHOUT_EFFECT)
def test_what_can_be_overridden_has_no_effect_on_a_plaintext(zoe: Zoe, conf: str) -> None:
    messages = zoe.messages()
    zoe.says(conf)
    assert [result.value() for result in zoe.decrypter.decrypt_many(messages)] == [PLAINTEXT] * 2
    assert not (zoe.home / "elsewhere").exists()


def test_no_copy_of_a_plaintext_is_left_by_the_debugging_of_gpg(zoe: Zoe, tmp_path: Path) -> None:
    """It writes what it hashes, the plaintext among it, to `dbgmd-*` in the working directory: a control repository."""
    message = zoe.by_gpg()
    zoe.says("debug-all")
    assert zoe.decrypter.decrypt(message) == PLAINTEXT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("conf", REFUSED)
def test_a_plaintext_that_is_not_certainly_whole_is_an_error(zoe: Zoe, conf: str) -> None:
    messages = zoe.messages()
    zoe.says(conf)
    for result in zoe.decrypter.decrypt_many(messages):
        assert result.plaintext is None
        assert isinstance(result.error, DecryptionError)


@pytest.mark.parametrize("conf", ["logger-fd 1", "unwrap", "list-only"])
def test_the_error_sends_to_gpg_conf(zoe: Zoe, conf: str) -> None:
    message = zoe.by_gpg()
    zoe.says(conf)
    with pytest.raises(DecryptionError, match="did not give its plaintext as it should") as caught:
        zoe.decrypter.decrypt(message)
    assert conf.split(maxsplit=1)[0] in caught.value.hints[0]


def test_a_command_in_gpg_conf_is_an_error_that_names_the_file(zoe: Zoe) -> None:
    message = zoe.by_gpg()
    zoe.says("sign")
    with pytest.raises(GnupgError, match="gpg does not start: conflicting commands") as caught:
        zoe.decrypter.decrypt(message)
    assert caught.value.hints == (f"see what {zoe.home}/gpg.conf says",)


def test_a_plaintext_that_reads_like_gpg_is_told_from_one_with_its_words_in_it(zoe: Zoe) -> None:
    """gpg's words go to a file, and the message does not tell its length: what is like them may be some of them."""
    likes = [words + PLAINTEXT for words in (b"gpg: a secret about gpg\n", b"gpg: original file name=''\n")]
    messages = [zoe.by_gpg(plaintext=like) for like in likes]
    assert [result.plaintext for result in zoe.decrypter.decrypt_many(messages)] == likes
    zoe.says("log-file {home}/log")
    assert [result.plaintext for result in zoe.decrypter.decrypt_many(messages)] == [likes[0], None]


@pytest.mark.parametrize("conf", ["max-output 2000", "unwrap", "logger-fd 1", "passphrase-fd 0", "output {home}/x"])
def test_recrypt_keeps_a_value_or_leaves_it(zoe: Zoe, conf: str) -> None:
    """What could not be proved whole has an error and no new message."""
    messages = [*zoe.messages() * 10]
    zoe.says(conf)
    results = zoe.recrypted(messages)
    zoe.says("")
    for result in results:
        opened = [zoe.decrypter.decrypt(message) for message in result.messages]
        assert opened == ([] if result.error else [PLAINTEXT])
    assert len(results) == len(messages)


def test_a_plaintext_cut_by_a_write_that_failed_is_no_value(zoe: Zoe, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: gpg says DECRYPTION_OKAY, ends with 2, and has written nothing."""
    messages = zoe.messages()
    zoe.says("max-output 2000")
    monkeypatch.setattr("eyamlgpg.gpg.opening.proof.bound", lambda _limit: "--max-output=2000")
    errors = [result.error for result in zoe.decrypter.decrypt_many(messages)]
    assert [type(error) for error in errors] == [DecryptionError] * 2


@pytest.mark.parametrize(
    "conf",
    ["dry-run", "textmode", "passphrase-fd 0", "no-literal", "sign", "symmetric", "recipient x", "output {home}/x"],
)
def test_gpg_conf_does_not_change_what_gpg_encrypts(zoe: Zoe, conf: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.gpg.sealing.in_process.readers_of", lambda _exported, _subkeys: None)
    subkey = zoe.subkey()
    exported = zoe.keyring.export([subkey])
    monkeypatch.setattr(zoe.keyring, "export", lambda _subkeys: exported)
    zoe.says(conf)
    message = zoe.encrypter.encrypt(PLAINTEXT, [subkey])
    zoe.says("")
    assert packets.read(message).key_ids == (subkey.key_id,)
    assert zoe.decrypter.decrypt(message) == PLAINTEXT


def test_a_dry_run_in_gpg_conf_is_named_where_gpg_writes_nothing(zoe: Zoe) -> None:
    zoe.says("dry-run")
    assert "`dry-run` in gpg.conf" in zoe.session.run(["--output=-", "--export"]).reason


def test_a_signature_of_somebody_unknown_does_not_stand_before_the_plaintext(
    zoe: Zoe, home_copy: Callable[[str], Path]
) -> None:
    """gpg ends with status 2 then."""
    other = home_copy("empty")
    keyrings.make_key(other, NewKey("Other <other@example.com>"))
    keyrings.gpg(other, "--import", stdin=keyrings.gpg(zoe.home, "--export"))
    options = ["--trust-model=always", "--recipient", zoe.fingerprint, "--sign", "--encrypt"]
    signed = keyrings.gpg(other, *options, stdin=PLAINTEXT)
    assert zoe.decrypter.decrypt(signed) == PLAINTEXT
    assert [zoe.decrypter.decrypt(one.messages[0]) for one in zoe.recrypted([signed] * 5)] == [PLAINTEXT] * 5


def test_a_message_in_text_mode_is_read_with_our_line_ends(zoe: Zoe) -> None:
    assert zoe.decrypter.decrypt(zoe.by_gpg("--textmode", plaintext=b"a\nb\n")) == b"a\nb\n"


def test_a_flipped_bit_is_still_called_damage(zoe: Zoe) -> None:
    message = bytearray(zoe.by_gpg())
    message[-4] ^= 1
    with pytest.raises(DamagedMessage, match="fails its integrity check"):
        zoe.decrypter.decrypt(bytes(message))
