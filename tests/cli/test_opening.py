"""Commands that open many values start gpg for the first few of them, and give what they always gave."""

import os
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.gpg.opening.direct import FEW
from tests.support import keyrings
from tests.support.tool import Tool

VALUES = 30


@pytest.fixture
def decryptions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often gpg was started to decrypt, by a `gpg` before the true one on PATH."""
    log, folder = tmp_path / "log", tmp_path / "bin"
    folder.mkdir()
    program = folder / "gpg"
    program.write_text(
        f'#!/bin/sh\ncase " $* " in *" --decrypt "*) echo x >>"{log}";; esac\nexec {shutil.which("gpg")} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return lambda: len(log.read_text().splitlines()) if log.exists() else 0


@pytest.fixture
def file(tmp_path: Path, home: Callable[[str], Path]) -> Path:
    """Values for Bob, each a message of its own by gpg."""
    tree = tmp_path / "tree"
    tree.mkdir()
    bob = ("--recipient", keyrings.known("bob").fingerprint)
    messages = [keyrings.gpg(home("bob"), *bob, "--encrypt", stdin=b"secret %d" % count) for count in range(VALUES)]
    lines = (f"key_{count}: ENC[GPG,{b64encode(message).decode()}]\n" for count, message in enumerate(messages))
    (tree / "hiera-eyaml-gpg.recipients").write_text("bob@example.com\n")
    (tree / "a.eyaml").write_text("".join(lines))
    return tree / "a.eyaml"


def test_decrypt_starts_gpg_for_the_first_few(
    file: Path, tool: Tool, home: Callable[[str], Path], decryptions: Callable[[], int]
) -> None:
    ran = tool("decrypt", "-f", str(file), home=home("bob"))
    assert ran.status == 0
    assert ran.out == b"".join(b"key_%d: secret %d\n" % (count, count) for count in range(VALUES))
    assert decryptions() == FEW


def test_edit_starts_gpg_for_the_first_few(
    file: Path, tool: Tool, home: Callable[[str], Path], decryptions: Callable[[], int], tmp_path: Path
) -> None:
    before = file.read_text().splitlines()
    environ = {"EDITOR": "sed -i 's/secret 7]/changed]/'"}
    assert tool("edit", str(file), home=home("bob"), environ=environ).status == 0
    assert decryptions() == FEW
    after = file.read_text().splitlines()
    assert [number for number in range(VALUES) if before[number] != after[number]] == [7]
    assert tool("get", str(file), "key_7", home=home("bob")).out.rstrip() == b"changed"
