import pytest

from eyamlgpg.errors import DecryptionError, NoSecretKey
from eyamlgpg.model.messages import Decrypted


def test_the_plaintext_is_the_value() -> None:
    assert Decrypted(b"s3cret\n").value() == b"s3cret\n"


def test_an_empty_plaintext_is_a_value_too() -> None:
    assert Decrypted(b"").value() == b""


def test_an_error_is_raised_as_it_is() -> None:
    error = NoSecretKey("no secret key opens this message")
    with pytest.raises(NoSecretKey) as raised:
        Decrypted(None, error).value()
    assert raised.value is error


def test_neither_plaintext_nor_error_is_an_error() -> None:
    with pytest.raises(DecryptionError):
        Decrypted(None).value()


def test_the_plaintext_never_shows() -> None:
    assert "s3cret" not in repr(Decrypted(b"s3cret"))
