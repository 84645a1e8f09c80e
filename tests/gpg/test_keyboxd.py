"""Public keys kept by keyboxd (GnuPG 2.4), where common.conf of a home, or of the machine, says so."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.gpg.health import GnupgHealth
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.master_home import secret_parts
from eyamlgpg.gpg.sealing.by_gpg import seal_by_gpg
from eyamlgpg.gpg.session import Session
from tests.support import keyrings
from tests.support.keyrings import KEYS, known
from tests.support.tool import Tool


def keyboxd() -> str:
    """Where gpgconf says that it is; empty where gpg is older or the program is not installed."""
    told = subprocess.run(["gpgconf", "--list-components"], capture_output=True, text=True, check=True).stdout
    program = next((line.split(":")[2] for line in told.splitlines() if line.startswith("keyboxd:")), "")
    return program if os.access(program, os.X_OK) else ""


needs_keyboxd = pytest.mark.skipif(not keyboxd(), reason="keyboxd is not installed, or gpg is older than 2.4")


def runs(home: Path) -> bool:
    argv = ["gpg-connect-agent", "--homedir", str(home), "--keyboxd", "--no-autostart", "GETINFO pid", "/bye"]
    return b"OK" in subprocess.run(argv, capture_output=True, check=False).stdout


@pytest.fixture
def boxed(fresh_home: Path) -> Path:
    """Alice's home, with Bob's key."""
    (fresh_home / "common.conf").write_text("use-keyboxd\n")
    keyrings.gpg(fresh_home, "--import", str(KEYS / "alice.sec.asc"), str(KEYS / "bob.pub.asc"))
    keyrings.trust(fresh_home, *(f"{known(name).fingerprint}:6:" for name in ("alice", "bob")))
    return fresh_home


def test_the_suite_stands_on_what_the_switch_says(home: Callable[[str], Path]) -> None:
    """EYAMLGPG_TEST_KEYBOXD is not ignored, and nobody runs with keyboxd unawares."""
    kept = {name for name in ("pubring.kbx", "public-keys.d/pubring.db") if (home("alice") / name).exists()}
    assert kept == {"public-keys.d/pubring.db" if keyrings.KEYBOXD else "pubring.kbx"}


@needs_keyboxd
def test_keys_of_keyboxd_are_found_encrypted_to_and_decrypted_with(boxed: Path, tool: Tool) -> None:
    people = ("--gpg-recipients", "alice@example.com,bob@example.com")
    made = tool("encrypt", "-o", "string", "-s", "hunter2", *people, home=boxed)
    assert (made.status, made.err) == (0, "")
    opened = tool("decrypt", "-s", made.text, home=boxed)
    assert (opened.status, opened.text) == (0, "hunter2")
    assert (boxed / "public-keys.d" / "pubring.db").exists()


@needs_keyboxd
def test_a_look_at_a_home_starts_no_keyboxd_that_stays(boxed: Path, environ: dict[str, str]) -> None:
    """Root looks at a puppetmaster's home; a keyboxd of root's would lock its owner out."""
    keyrings.stop(boxed)
    [key], _ = secret_parts(boxed, environ)
    assert (key.fingerprint, runs(boxed)) == (known("alice").fingerprint, False)


@needs_keyboxd
def test_a_keyboxd_that_runs_goes_on(boxed: Path, environ: dict[str, str]) -> None:
    keyrings.gpg(boxed, "--list-keys")
    assert len(GnupgHealth(boxed, environ).keys()) == 2
    assert runs(boxed)


@needs_keyboxd
def test_gpg_encrypts_where_keyboxd_keeps_all_keys_of_the_machine(
    boxed: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    """`use-keyboxd` in /etc/gnupg/common.conf holds for the home of one encryption, too."""
    program = tmp_path / "gpg"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(shutil.which("gpg") or "")} --use-keyboxd "$@"\n')
    program.chmod(0o700)
    session = Session(boxed, {**environ, "PATH": f"{tmp_path}:{environ['PATH']}"})
    keyring = GnupgKeyring(session)
    keys = keyring.keys()
    listed = {str(key.fingerprint): key for key in keys}
    subkeys = [part for name in ("alice", "bob") for part in listed[known(name).fingerprint].parts if part.can("e")]
    message = seal_by_gpg(session, b"secret", subkeys, keyring.export(subkeys))
    assert keyrings.gpg(boxed, "--decrypt", stdin=message) == b"secret"
