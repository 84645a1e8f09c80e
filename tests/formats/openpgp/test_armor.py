"""Armor comes off whoever put it on, and goes on always in the same way."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import armored, dearmored
from tests.support.keyrings import known


@given(st.binary(min_size=1, max_size=300))
def test_what_is_armored_comes_back(binary: bytes) -> None:
    assert dearmored(armored(binary)) == binary


def test_our_armor_is_gpgs() -> None:
    """But for gpg's own header lines, which we never write."""
    alice = known("alice").public
    theirs = subprocess.run(["gpg", "--enarmor"], input=dearmored(alice), capture_output=True, check=True).stdout
    body = theirs.decode().replace("ARMORED FILE", "KEY BLOCK").splitlines()
    expected = [line.replace("PGP", "PGP PUBLIC") for line in body if not line.startswith("Comment:")]
    assert armored(dearmored(alice)).decode().splitlines() == expected


def test_a_file_without_armor_is_taken_as_it_is() -> None:
    assert dearmored(b"\x99\x01 binary") == b"\x99\x01 binary"


def test_header_lines_crlf_and_text_around_do_not_matter() -> None:
    block = armored(b"abc").replace(b"BLOCK-----\n\n", b"BLOCK-----\nVersion: x\nComment: y\n\n", 1)
    assert dearmored(b"From: alice\n\n" + block.replace(b"\n", b"\r\n") + b"\nregards\n") == b"abc"


def test_a_missing_checksum_does_not_matter() -> None:
    assert dearmored(b"".join(line for line in armored(b"abc").splitlines(True) if not line.startswith(b"="))) == b"abc"


def test_two_blocks_are_one_behind_the_other() -> None:
    assert dearmored(armored(b"abc") + armored(b"def")) == b"abcdef"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (known("alice").secret, "holds a secret key, not a public key"),
        (armored(b"abc") + known("alice").secret, "holds a secret key, not a public key"),
        (armored(b"abc").replace(b"PUBLIC KEY BLOCK", b"MESSAGE"), "holds a PGP MESSAGE, not a public key"),
        (armored(b"abc")[:-20], "the armor of the key is damaged or cut short"),
        (armored(b"abc").replace(b"YWJj", b"YWJ"), "the armor of the key is damaged"),
    ],
    ids=["secret", "public-then-secret", "message", "cut-short", "not-base64"],
)
def test_anything_but_public_keys_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        dearmored(content)
    assert caught.value.sentence == sentence
