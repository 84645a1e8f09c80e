"""What goes into gpg's batch parameter file is what was meant, or nothing goes in."""

import pytest

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.gnupg.key_parameters import Algorithm, KeyRequest, parameter_file


def test_a_puppetmasters_key_certifies_and_signs_its_subkey_encrypts_and_nothing_protects_it() -> None:
    assert parameter_file(KeyRequest("puppetmaster-dev", None)).splitlines() == [
        "Key-Type: RSA",
        "Key-Length: 4096",
        "Key-Usage: cert,sign",
        "Subkey-Type: RSA",
        "Subkey-Length: 4096",
        "Subkey-Usage: encrypt",
        "Name-Real: puppetmaster-dev",
        "Expire-Date: 2y",
        "%no-protection",
        "%commit",
    ]


def test_a_persons_key_is_protected() -> None:
    request = KeyRequest("Zoë", "zoe@example.com", Algorithm.CV25519, expires="0", protected=True)
    assert parameter_file(request).splitlines() == [
        "Key-Type: EDDSA",
        "Key-Curve: ed25519",
        "Key-Usage: cert,sign",
        "Subkey-Type: ECDH",
        "Subkey-Curve: cv25519",
        "Subkey-Usage: encrypt",
        "Name-Real: Zoë",
        "Name-Email: zoe@example.com",
        "Expire-Date: 0",
        "%commit",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "a\n%no-protection",
        "a\r%commit",
        "a\0b",
        "a\u2028b",
        "a\x1b[31mb",
        "a\u202eb",
        "a\udcffb",
        "",
        " ",
        " a",
        "a\t",
        "a <b@example.com>",
        "a (comment)",
        "a@example.com",
    ],
)
def test_a_name_that_would_not_stay_itself_is_refused(name: str) -> None:
    with pytest.raises(FormatError, match=r"^the name '[\x20-\x7e]*' "):
        parameter_file(KeyRequest(name, None))


@pytest.mark.parametrize("email", ["", "a", "a@", "@b", "a b@c", "a@b>\n%x", "a,b@c", "<a@b>"])
def test_what_is_no_mail_address_is_refused(email: str) -> None:
    with pytest.raises(FormatError, match=r"is no mail address\Z"):
        parameter_file(KeyRequest("pm", email))


@pytest.mark.parametrize(
    "expires", ["", "2", "y", "0y", "-1y", "2x", "²y", "2028-1-1", "2028-12-31T00", "never", "2y\n%x"]
)
def test_what_is_no_expiry_is_refused(expires: str) -> None:
    with pytest.raises(FormatError, match=r"is no expiry\Z"):
        parameter_file(KeyRequest("pm", None, expires=expires))


@pytest.mark.parametrize("expires", ["0", "1d", "8w", "18m", "2y", "2028-12-31"])
def test_an_expiry_is_taken_as_gpg_reads_it(expires: str) -> None:
    assert f"Expire-Date: {expires}\n" in parameter_file(KeyRequest("pm", None, expires=expires))
