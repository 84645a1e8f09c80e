"""What eyamlgpg writes, the real eyaml decrypts."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.values import find_values
from tests.interop.peers import RECIPIENTS, TEAM, Eyaml
from tests.interop.plaintexts import EVERY, HOSTILE
from tests.support import corpus_editor
from tests.support.keyrings import known
from tests.support.tool import Tool

pytestmark = pytest.mark.interop

TO_THE_TEAM = ("--gpg-recipients", RECIPIENTS)
PEM = HOSTILE[-2].decode()


def ours(tool: Tool, *words: str, home: Path, **surroundings: object) -> bytes:
    ran = tool(*words, home=home, **surroundings)  # type: ignore[arg-type]
    assert ran.status == 0, ran.err
    return ran.out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the team's recipients file."""
    names = "".join(f"{known(name).fingerprint}\n" for name in TEAM)
    (tmp_path / "hiera-eyaml-gpg.recipients").write_text(names)
    return tmp_path


@pytest.mark.parametrize("plaintext", [b"secret", b"two\nlines\n", "Grüße €".encode(), b"b]!", b"x" * 3000])
@pytest.mark.parametrize("output", ["string", "block", "examples"])
def test_each_output_of_encrypt(output: str, plaintext: bytes, tool: Tool, eyaml: Eyaml, tmp_path: Path) -> None:
    out = ours(tool, "encrypt", "--stdin", "-o", output, *TO_THE_TEAM, home=eyaml.home, stdin=plaintext)
    file = tmp_path / "out.eyaml"
    file.write_bytes(out)

    shown = plaintext.decode()
    expected = {
        "string": f"DEC::GPG[{shown}]!\n",
        "examples": f"string: DEC::GPG[{shown}]!\n\nOR\n\nblock: >\n  DEC::GPG[{shown}]!\n",
    }
    if output == "block":
        # without a label there is no `>`, so that it is no block for eyaml until it stands below one
        file.write_bytes(b"key: >\n" + out)
        expected["block"] = f"key: >\n  DEC::GPG[{shown}]!\n"
    assert eyaml("decrypt", "-e", str(file)).decode() == expected[output]


def test_every_hostile_secret(tool: Tool, eyaml: Eyaml) -> None:
    messages = []
    for plaintext in EVERY:
        out = ours(tool, "encrypt", "--stdin", "-o", "string", *TO_THE_TEAM, home=eyaml.home, stdin=plaintext)
        (token,) = tokens.find(out.decode())
        messages.append(token.message())

    assert eyaml.decrypt_all(messages) == list(EVERY)


def test_encrypted_markers(tool: Tool, eyaml: Eyaml, folder: Path) -> None:
    file = folder / "a.eyaml"
    text = f'---\na: DEC::GPG[s e c r e t]!\nb: >\n    DEC::GPG[{PEM}]!\nc: "u:DEC::GPG[ü]!@h" # ENC[not one]\n'
    file.write_text(text)
    ours(tool, "encrypt", "-i", "-e", str(file), home=eyaml.home)

    assert b"s e c r e t" not in file.read_bytes()
    assert eyaml("decrypt", "-e", str(file)).decode() == text


def test_a_set_value(tool: Tool, eyaml: Eyaml, folder: Path) -> None:
    file = folder / "a.eyaml"
    for key, value in (("short", b"Gr\xc3\xbc\xc3\x9fe"), ("'a.b'", b"x]y!"), ("long", b"z" * 5000), ("deep.er", b" ")):
        ours(tool, "set", str(file), key, "--stdin", home=eyaml.home, stdin=value)

    assert eyaml("decrypt", "-e", str(file)).decode() == (
        "short: DEC::GPG[Grüße]!\n"
        "a.b: DEC::GPG[x]y!]!\n"
        f"long: >\n  DEC::GPG[{'z' * 5000}]!\n"
        "deep:\n"
        "  er: DEC::GPG[ ]!\n"
    )


def test_an_edited_file(tool: Tool, eyaml: Eyaml, folder: Path) -> None:
    file, sessions, log = folder / "a.eyaml", folder / "sessions", folder / "log"
    log.mkdir()
    written = "---\nkept: DEC::GPG[as it was]!\nblock: >\n  DEC::GPG[old]!\n"
    file.write_text(written)
    file.write_bytes(eyaml("encrypt", "-e", str(file), *TO_THE_TEAM))
    steps = [["replace", "[old]!", f"[{PEM}]!"], ["append", "new: DEC::GPG[ö]!\n"]]
    sessions.write_text(json.dumps([steps]))
    editor = shlex.join([sys.executable, corpus_editor.__file__, str(sessions), str(log)])
    ours(tool, "edit", str(file), home=eyaml.home, environ={"EDITOR": editor})

    expected = written.replace("[old]!", f"[{PEM}]!") + "new: DEC::GPG[ö]!\n"
    assert eyaml("decrypt", "-e", str(file)).decode() == expected


def test_a_re_encrypted_file(tool: Tool, home: Callable[[str], Path], eyaml: Eyaml, folder: Path) -> None:
    """Bob was added: he reads what eyaml had encrypted to alice alone."""
    file = folder / "a.eyaml"
    written = f"---\na: DEC::GPG[one]!\nb: >\n    DEC::GPG[{PEM}]!\n"
    file.write_text(written)
    file.write_bytes(eyaml("encrypt", "-e", str(file), "--gpg-recipients", known("alice").fingerprint))
    ours(tool, "recrypt", str(file), home=eyaml.home)

    assert Eyaml(home("bob"))("decrypt", "-e", str(file)).decode() == written


def test_a_file_whose_values_share_a_session_key(tool: Tool, eyaml: Eyaml, folder: Path) -> None:
    """Each of them is a whole message, so the gem sees nothing new."""
    (folder / ".eyamlgpg").mkdir()
    (folder / ".eyamlgpg/policy.yaml").write_text("version: 1\nsession_keys: per-file\n")
    file = folder / "a.eyaml"
    written = f"---\na: DEC::GPG[one]!\nb: >\n    DEC::GPG[{PEM}]!\nc: DEC::GPG[two]!\n"
    file.write_text(written)
    state = {"XDG_STATE_HOME": str(folder / "state")}
    ours(tool, "encrypt", "-i", "-e", str(file), home=eyaml.home, environ=state)

    assert len({value.token.message()[:200] for value in find_values(file.read_text()).values}) == 1
    assert eyaml("decrypt", "-e", str(file)).decode() == written
