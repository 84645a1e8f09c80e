"""PKCS7 both ways: we open and move what the real eyaml encrypts, it opens what we encrypt, and Puppet reads both."""

import shutil
import subprocess
from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml.values import find_values
from tests.interop import peers
from tests.interop.peers import RECIPIENTS, Eyaml, Puppet
from tests.support.tool import Ran, Tool

pytestmark = pytest.mark.interop

PRIVATE, PUBLIC = "keys/private_key.pkcs7.pem", "keys/public_key.pkcs7.pem"

SECRETS = {
    "plain": "hunter2",
    "umlauts": "Grüße aus Zürich, 日本語, 🔑",
    "pem": "-----BEGIN PRIVATE KEY-----\n" + "QUJD" * 16 + "\n-----END PRIVATE KEY-----",
    "large": "0123456789abcdef" * 1024,
    "quotes": "\"double\" 'single' \\ back\\slash: # - {",
    "lines": "two\n\n\nlines  ",
    "blanks": "  around  ",
}


@pytest.fixture
def place(tmp_path: Path, eyaml: Eyaml) -> Path:
    """A folder with the keys that `eyaml createkeys` makes."""
    ran = subprocess.run(["eyaml", "createkeys"], cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    (tmp_path / "hiera-eyaml-gpg.recipients").write_text(RECIPIENTS.replace(",", "\n"))
    return tmp_path


def theirs(place: Path, *words: str) -> str:
    """What eyaml prints with its default method."""
    ran = subprocess.run(["eyaml", *words], cwd=place, capture_output=True, check=False, env=peers.environment())
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout.decode()


def ours(eyaml: Eyaml, place: Path, *words: str, stdin: bytes = b"") -> Ran:
    ran = Tool()(*words, home=eyaml.home, cwd=place, stdin=stdin)
    assert ran.status == 0, ran.err
    return ran


def marked(scheme: str) -> str:
    """Each secret on one line; and in a block."""
    lines = [f'{key}: "DEC::{scheme}[{secret}]!"\n' for key, secret in SECRETS.items() if "\n" not in secret]
    blocks = [f"{key}_block: >\n  DEC::{scheme}[{secret}]!\n" for key, secret in SECRETS.items()]
    return "---\n" + "".join(line.replace('"', "") for line in lines) + "".join(blocks)


def test_eyaml_opens_what_we_encrypt(eyaml: Eyaml, place: Path) -> None:
    (place / "a.eyaml").write_text(marked("PKCS7"))
    ours(eyaml, place, "encrypt", "-i", "-e", "a.eyaml")
    assert theirs(place, "decrypt", "-e", "a.eyaml") == marked("PKCS7")
    string = ours(eyaml, place, "encrypt", "-n", "pkcs7", "--stdin", "-o", "string", stdin=b"\xff\0").text
    assert "ENC[PKCS7," in string


def test_we_open_what_eyaml_encrypts(eyaml: Eyaml, place: Path) -> None:
    (place / "a.eyaml").write_text(marked("PKCS7"))
    (place / "a.eyaml").write_text(theirs(place, "encrypt", "-e", "a.eyaml"))
    assert ours(eyaml, place, "decrypt", "-e", "a.eyaml").text == marked("PKCS7")
    for key, secret in SECRETS.items():
        assert ours(eyaml, place, "get", "a.eyaml", f"{key}_block").text == secret
    ours(eyaml, place, "set", "a.eyaml", "plain", "-s", "another")
    assert theirs(place, "decrypt", "-e", "a.eyaml") == marked("PKCS7").replace("[hunter2]!", "[another]!", 1)


def test_eyaml_opens_with_gpg_what_was_moved(eyaml: Eyaml, place: Path) -> None:
    (place / "a.eyaml").write_text(marked("PKCS7"))
    (place / "a.eyaml").write_text(theirs(place, "encrypt", "-e", "a.eyaml"))
    ours(eyaml, place, "recrypt", "--from", "pkcs7", "a.eyaml")
    assert {one.token.scheme for one in find_values((place / "a.eyaml").read_text()).values} == {"GPG"}
    shutil.rmtree(place / "keys")
    assert eyaml("decrypt", "-e", str(place / "a.eyaml")).decode() == marked("GPG")


def test_puppet_reads_the_same_before_during_and_after_the_move(eyaml: Eyaml, place: Path) -> None:
    """Its hiera.yaml names both keys, so that nobody has to wait for anybody."""
    if shutil.which("puppet") is None:
        pytest.skip("puppet is not installed")
    named = {"pkcs7_private_key": str(place / PRIVATE), "pkcs7_public_key": str(place / PUBLIC)}
    puppet = Puppet(place / "puppet", eyaml.home).set_up(**named)
    text = "all:\n" + "".join(f"  {line}\n" for line in marked("PKCS7").splitlines()[1:] if line)
    (place / "a.eyaml").write_text(text.replace("\n  \n", "\n\n"))
    puppet.data.write_text(theirs(place, "encrypt", "-e", "a.eyaml"))
    (puppet.data.parent / "hiera-eyaml-gpg.recipients").write_text(RECIPIENTS.replace(",", "\n"))
    before = puppet.lookup("all")
    assert before["plain"] == "hunter2"

    ours(eyaml, place, "set", str(puppet.data), "all.plain", "-s", "hunter2", "-n", "gpg")
    assert puppet.lookup("all") == before
    ours(eyaml, place, "recrypt", "--from", "pkcs7", str(puppet.data))
    shutil.rmtree(place / "keys")
    assert puppet.lookup("all") == before
