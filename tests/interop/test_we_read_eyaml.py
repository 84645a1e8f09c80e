"""What the real eyaml writes, eyamlgpg decrypts."""

from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml import tokens
from tests.interop.peers import RECIPIENTS, Eyaml
from tests.interop.plaintexts import EVERY
from tests.support.tool import Ran, Tool

pytestmark = pytest.mark.interop

TO_THE_TEAM = ("--gpg-recipients", RECIPIENTS)


def test_every_hostile_secret(tool: Tool, eyaml: Eyaml) -> None:
    came = []
    for message in eyaml.encrypt_all(EVERY):
        token = tokens.render(message, layout=None).encode()
        came.append(tool("decrypt", "--stdin", home=eyaml.home, stdin=token))

    assert came == [Ran(0, plaintext, "") for plaintext in EVERY]


@pytest.mark.parametrize("output", ["string", "block"])
def test_each_output_of_eyaml(output: str, tool: Tool, eyaml: Eyaml, tmp_path: Path) -> None:
    file, plaintext = tmp_path / "a.eyaml", tmp_path / "plaintext"
    plaintext.write_bytes("zwei\nZeilen €\n".encode())
    file.write_bytes(eyaml("encrypt", "-f", str(plaintext), "-l", "key", "-o", output, *TO_THE_TEAM))

    assert tool("get", str(file), "key", home=eyaml.home) == Ran(0, plaintext.read_bytes(), "")


def test_both_examples_of_eyaml(tool: Tool, eyaml: Eyaml, tmp_path: Path) -> None:
    file = tmp_path / "a.eyaml"
    file.write_bytes(eyaml("encrypt", "-s", "x", *TO_THE_TEAM))

    ran = tool("decrypt", "-e", str(file), home=eyaml.home)
    assert ran == Ran(0, b"string: DEC::GPG[x]!\n\nOR\n\nblock: >\n  DEC::GPG[x]!\n", "")


def test_a_file_whose_markers_eyaml_encrypted(tool: Tool, eyaml: Eyaml, tmp_path: Path) -> None:
    file = tmp_path / "a.eyaml"
    written = '---\na: DEC::GPG[one]!\nb: >\n    DEC::GPG[-----BEGIN-----\nö\n]!\nc: "u:DEC::GPG[ü]!@h"\n'
    file.write_text(written)
    file.write_bytes(eyaml("encrypt", "-e", str(file), *TO_THE_TEAM))

    assert tool("decrypt", "-e", str(file), home=eyaml.home) == Ran(0, written.encode(), "")
