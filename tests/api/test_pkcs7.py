"""Values of PKCS7 are read with the key that a program gives, and as `get` reads them."""

import base64
import os

import pytest

from eyamlgpg import api
from eyamlgpg.api import Repository
from eyamlgpg.pkcs7.private_key import PrivateKey
from tests.api.conftest import Place
from tests.support.pkcs7 import message, pair

SECRET = b"Kirschkuchen9\n\xff"


def put(place: Place, *messages: bytes) -> None:
    tokens = "".join(f"ENC[PKCS7,{base64.b64encode(one).decode()}]" for one in messages)
    (place.folder / "a.eyaml").write_text(f"---\na: {tokens}\n")


def with_key(place: Place, opener: api.Opener | None) -> Repository:
    return Repository(place.folder, gnupghome=place.home, environ={"PATH": os.environ["PATH"]}, pkcs7=opener)


def test_a_value_is_read_as_get_reads_it(place: Place) -> None:
    put(place, message(SECRET, pair()))
    (place.folder / "key.pem").write_bytes(pair().private())
    assert with_key(place, PrivateKey(pair().private())).read("a.eyaml", "a") == SECRET
    assert place.tool("get", "a.eyaml", "a", "--pkcs7-private-key", "key.pem").out == SECRET


def test_one_value_of_each_method_stands_in_one_file(place: Place) -> None:
    put(place, message(SECRET, pair()), message(b"-two", pair()))
    repository = with_key(place, PrivateKey(pair().private()))
    repository.set("a.eyaml", "b", b"of GPG")
    assert (repository.read("a.eyaml", "a"), repository.read("a.eyaml", "b")) == (SECRET + b"-two", b"of GPG")


def test_any_opener_of_the_callers_does(place: Place) -> None:
    class Mine:
        def decrypt(self, message: bytes) -> bytes:
            return b"mine" if message else b""

    put(place, message(SECRET, pair()))
    assert with_key(place, Mine()).read("a.eyaml", "a") == b"mine"


def test_no_key_is_looked_for_without_one(place: Place) -> None:
    """The command takes `./keys`; a program gives what it means."""
    put(place, message(SECRET, pair()))
    (place.folder / "keys").mkdir()
    (place.folder / "keys" / "private_key.pkcs7.pem").write_bytes(pair().private())
    with pytest.raises(api.DecryptionError, match="is a value of PKCS7, and no private key for these was found"):
        with_key(place, None).read("a.eyaml", "a")


def test_a_value_for_another_key_is_an_error_with_its_place(place: Place) -> None:
    put(place, message(SECRET, pair("other")))
    with pytest.raises(api.NoSecretKey, match=r"a\.eyaml:2: a: "):
        with_key(place, PrivateKey(pair().private())).read("a.eyaml", "a")


def test_a_value_is_not_replaced(place: Place) -> None:
    put(place, message(SECRET, pair()))
    with pytest.raises(api.FormatError, match="does not replace"):
        with_key(place, PrivateKey(pair().private())).set("a.eyaml", "a", b"x")


@pytest.mark.parametrize("pem", [b"", b"x", pair().certificate], ids=["nothing", "a word", "a certificate"])
def test_what_is_not_a_private_key_is_refused_at_once(pem: bytes) -> None:
    with pytest.raises(api.ConfigError, match=r"old\.pem: .*is not a private key"):
        PrivateKey(pem, "old.pem")


def test_no_key_shows_in_a_repr() -> None:
    key = PrivateKey(pair().private())
    assert (repr(key), "PRIVATE" in repr(Repository(pkcs7=key))) == ("PrivateKey(…)", False)
