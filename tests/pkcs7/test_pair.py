"""The keys of a pair: what is taken for one, what is refused and how that is said, and what they make."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, pkcs7

from eyamlgpg.errors import ConfigError, NoSecretKey
from eyamlgpg.formats.eyaml.messages import looks_encrypted, looks_like_pkcs7
from eyamlgpg.pkcs7.keys import Pem
from eyamlgpg.pkcs7.pair import KeyPair
from tests.support.pkcs7 import message, pair

OTHER_KIND = Ed25519PrivateKey.generate()


def of(private: bytes, public: bytes | None) -> KeyPair:
    def certificate() -> Pem:
        if public is None:
            raise ConfigError("no certificate")
        return Pem("public.pem", public)

    return KeyPair(lambda: Pem("private.pem", private), certificate, has_public=public is not None, has_private=False)


OURS = of(pair().private(), pair().certificate)


@pytest.mark.parametrize("plaintext", [b"", b"x", b"two\r\nlines\n", bytes(range(256)), b"long" * 30_000], ids=len)
def test_what_a_pair_makes_it_opens_and_so_does_cryptography(plaintext: bytes) -> None:
    made = OURS.encrypt(plaintext)
    assert OURS.decrypt(made) == plaintext
    from cryptography.x509 import load_pem_x509_certificate

    certificate = load_pem_x509_certificate(pair().certificate)
    assert pkcs7.pkcs7_decrypt_der(made, certificate, pair().key, []) == plaintext


def test_what_it_makes_is_aes_256_and_looks_like_pkcs7() -> None:
    made = OURS.encrypt(b"x")
    assert bytes.fromhex("608648016503040" + "12a") in made
    assert (looks_like_pkcs7(made), looks_encrypted(made), looks_like_pkcs7(b"1" + made)) == (True, True, False)


def test_a_bare_public_key_encrypts_and_a_private_key_alone_opens() -> None:
    assert of(pair().private(), None).decrypt(of(b"", pair().bare).encrypt(b"x")) == b"x"


def test_many_messages_give_one_result_each() -> None:
    one, two = OURS.decrypt_many([message(b"x", pair("other")), message(b"y", pair())])
    assert isinstance(one.error, NoSecretKey)
    assert two.value() == b"y"


KIND = OTHER_KIND.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
BROKEN = b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n"
KIND_PUBLIC = OTHER_KIND.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("private", "public", "said"),
    [
        (pair().locked, None, "private.pem: the private key has a passphrase"),
        (pair().certificate, None, "private.pem: holds a certificate, and is not a private key"),
        (pair().bare, None, "private.pem: holds a public key, and is not a private key"),
        (b"", None, "private.pem: is not a private key"),
        (
            b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
            None,
            "private.pem: holds a private key that is damaged",
        ),
        (b"\xff\0" * 100, None, "private.pem: is not a private key"),
        (KIND, None, "private.pem: the private key is not an RSA key"),
        (pair().private(), pair("other").certificate, "private.pem and public.pem do not belong together"),
        (pair().private(), pair("other").bare, "private.pem and public.pem do not belong together"),
        (pair().private(), pair().private(), "public.pem: holds a private key, and is not a certificate"),
        (pair().private(), b"", "public.pem: is not a certificate"),
        (pair().private(), KIND_PUBLIC, "public.pem: the public key is not an RSA key"),
    ],
    ids=range(12),
)
def test_a_key_that_is_wrong_is_named_and_never_shown(private: bytes, public: bytes | None, said: str) -> None:
    with pytest.raises(ConfigError, match=rf"\A{said}") as caught:
        of(private, public).decrypt(message(b"x", pair()))
    told = " ".join([caught.value.sentence, *caught.value.hints])
    assert "MII" not in told
    assert "MC4C" not in told


def test_a_pem_shows_no_key() -> None:
    assert repr(Pem("private.pem", pair().private())) == "Pem(source='private.pem')"


def test_without_the_extra_one_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra asks for a newer `cryptography` than all else needs."""
    monkeypatch.delattr(pkcs7.PKCS7EnvelopeBuilder, "set_content_encryption_algorithm")
    with pytest.raises(ConfigError, match="need the extra pkcs7, which is not installed") as caught:
        of(b"", None)
    hints = " ".join(caught.value.hints)
    for way in ("pip install 'eyamlgpg[pkcs7]'", "pipx install", "uv tool install"):
        assert way in hints
