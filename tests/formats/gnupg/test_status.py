"""gpg's status lines to typed statuses."""

from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.gnupg import status
from eyamlgpg.formats.gnupg.status import Code, InvalidRecipient, Keyword

WRITTEN = b"""gpg: encrypted with 2048-bit RSA key
[GNUPG:] ENC_TO 2EC071808ADB55DB 1 0
[GNUPG:] ENC_TO 0000000000000000 1 0
[GNUPG:] ERROR pkdecrypt_failed 67108875
[GNUPG:] NO_SECKEY 2EC071808ADB55DB
[GNUPG:] INV_RECP 10 F9DB00BC91BE2B1AB4707752C8BA79BAC9FF2428
[GNUPG:] INV_RECP 99 x
[GNUPG:] IMPORT_OK 1 AAAA
[GNUPG:] IMPORT_OK 17 AAAA
[GNUPG:] IMPORT_OK 0 BBBB
[GNUPG:] DECRYPTION_FAILED
"""


def test_words_for_people_are_passed_over_and_arguments_kept() -> None:
    told = status.parse(WRITTEN)
    assert told.encrypted_to == ("2EC071808ADB55DB", "0000000000000000")
    assert told.without_secret == ("2EC071808ADB55DB",)
    assert told.has(Keyword.DECRYPTION_FAILED)
    assert not told.has(Keyword.DECRYPTION_OKAY)
    assert told.count(Keyword.ENC_TO) == 2


def test_an_error_number_loses_its_source() -> None:
    assert status.parse(WRITTEN).codes == {Code.BAD_PASSPHRASE}


def test_refused_recipients_say_why_and_an_unknown_reason_is_none_in_particular() -> None:
    assert status.parse(WRITTEN).refused == (
        ("F9DB00BC91BE2B1AB4707752C8BA79BAC9FF2428", InvalidRecipient.NOT_TRUSTED),
        ("x", InvalidRecipient.UNSPECIFIED),
    )
    assert all(reason.words for reason in InvalidRecipient)


def test_imported_keys_are_told_once_each() -> None:
    told = [(one.fingerprint, one.is_new, one.is_changed, one.has_secret) for one in status.parse(WRITTEN).imported]
    assert told == [("AAAA", True, True, True), ("BBBB", False, False, False)]


@given(st.binary(max_size=200))
def test_whatever_gpg_writes_is_read(noise: bytes) -> None:
    told = status.parse(b"[GNUPG:] " + noise + b"\n" + noise)
    assert told.codes is not None
    assert told.imported is not None
