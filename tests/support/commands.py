"""The command as a user runs it, in a process of its own, with a GnuPG home and a tree."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from tests.support.keyrings import known
from tests.support.keys import NOW

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a run came to."""

    status: int
    stdout: str
    stderr: str


@dataclass
class Desk:
    """Somebody's GnuPG home and a working directory."""

    home: Path
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "GNUPGHOME": str(self.home), "PYTHONPATH": str(REPOSITORY), "COLUMNS": "120"}

    def argv(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "eyamlgpg", *words]

    def run(self, *words: str) -> Ran:
        """One command, to its end."""
        ran = subprocess.run(
            self.argv(*words),
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """One command, under way."""
        return subprocess.Popen(
            self.argv(*words),
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def write(self, name: str, text: str) -> Path:
        """A file of the tree."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def governs(self, folder: str, *names: str) -> Path:
        """A recipients file that names keys of fixtures/keys by fingerprint."""
        return self.write(f"{folder}/{RECIPIENTS_FILE}", "".join(f"{known(name).fingerprint}\n" for name in names))

    def values(self, plaintexts: Sequence[str], *names: str) -> list[str]:
        """A one-line token for each, encrypted to these keys."""
        session = Session(self.home, self.environ)
        keyring = GnupgKeyring(session)
        chosen = {key.fingerprint: key.encryption_subkey(NOW) for key in tuple(keyring.keys())}
        subkeys = [subkey for name in names if (subkey := chosen[known(name).fingerprint])]  # type: ignore[index]
        encrypter = OpenpgpEncrypter(session, keyring)
        return [tokens.render(encrypter.encrypt(plaintext.encode(), subkeys), layout=None) for plaintext in plaintexts]
