"""Throwaway people and trees to measure on: a keyring of RSA and elliptic keys, and hieradata encrypted to them."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.gnupg.key_parameters import Algorithm, KeyRequest, parameter_file
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing.in_process import readers_of, seal
from eyamlgpg.gpg.sealing.pkesk import Reader
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, Key, Subkey

RECIPIENTS_FILE = "hiera-eyaml-gpg.recipients"
VALUES_A_FILE = 17


@dataclass
class People:
    """A GnuPG home with everybody's public key, and the secret key of one of them only."""

    home: Path
    environ: Mapping[str, str]
    keys: list[Key] = field(default_factory=list)

    @cached_property
    def session(self) -> Session:
        """Gpg with this home."""
        return Session(self.home, self.environ)

    @cached_property
    def keyring(self) -> GnupgKeyring:
        """Its keyring."""
        return GnupgKeyring(self.session)

    def subkeys(self, keys: Sequence[Key]) -> list[Subkey]:
        """What gpg would encrypt to."""
        chosen = [key.encryption_subkey(datetime.now(UTC)) for key in keys]
        return [subkey for subkey in chosen if subkey is not None]

    def readers(self, keys: Sequence[Key]) -> list[Reader]:
        """The same, ready to be encrypted to."""
        subkeys = self.subkeys(keys)
        readers = readers_of(self.keyring.export(subkeys), subkeys)
        assert readers is not None
        return readers


@contextmanager
def people(count: int, us: int = 0) -> Iterator[People]:
    """So many people, RSA-2048 and cv25519 by turns; `us`: which of them is us."""
    environ = dict(os.environ)
    with homedir.throwaway(environ) as folder:
        makers, ours = folder / "makers", folder / "ours"
        for home in (makers, ours):
            home.mkdir(mode=0o700)
        try:
            yield _made(People(ours, environ), Session(makers, environ), count, us)
        finally:
            for home in (makers, ours):
                Session(home, environ).stop_agent()


@contextmanager
def without_secret_keys(who: People) -> Iterator[Path]:
    """A GnuPG home with the same public keys, and nothing else."""
    with homedir.throwaway(dict(who.environ)) as folder:
        home = folder / "public"
        left_out = shutil.ignore_patterns("private-keys-v1.d", "S.*", "*.lock", ".#*")
        shutil.copytree(who.home, home, ignore=left_out)
        try:
            yield home
        finally:
            Session(home, who.environ).stop_agent()


def _made(made: People, makers: Session, count: int, us: int) -> People:
    algorithms = (Algorithm.RSA2048, Algorithm.CV25519)
    requests = [
        KeyRequest(f"Person {number:03}", f"person{number:03}@example.com", algorithms[number % 2], expires="0")
        for number in range(count)
    ]
    _run(makers, ["--generate-key"], "".join(map(parameter_file, requests)).encode())
    everybody = GnupgKeyring(makers).keys()
    _run(made.session, ["--import"], makers.run(["--export"]).stdout)
    _run(made.session, ["--import"], makers.run(["--export-secret-keys", everybody[us].fingerprint]).stdout)
    _run(made.session, ["--import-ownertrust"], "".join(f"{key.fingerprint}:6:\n" for key in everybody).encode())
    _run(made.session, ["--check-trustdb"])
    made.keys = list(made.keyring.keys())
    return made


def _run(session: Session, arguments: Sequence[str], stdin: bytes = b"") -> None:
    ran = session.run(arguments, stdin)
    if ran.returncode != 0:
        raise SystemExit(f"gpg {arguments[0]}: {ran.reason}")


def write_recipients(folder: Path, keys: Sequence[Key]) -> None:
    """A recipients file as `recipients add` would write it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (f"# {key.user_id}\n{key.fingerprint}\n" for key in keys)
    (folder / RECIPIENTS_FILE).write_text("".join(lines))


class Sealer:
    """Encrypts to sets of people, their certificates loaded once."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._loaded: dict[frozenset[Fingerprint], list[Reader]] = {}

    def seal(self, plaintext: bytes, keys: Sequence[Key]) -> bytes:
        """A message to these people."""
        return seal(plaintext, self.readers(keys))

    def readers(self, keys: Sequence[Key]) -> list[Reader]:
        """These people, ready to be encrypted to."""
        who = frozenset(key.fingerprint for key in keys)
        if who not in self._loaded:
            self._loaded[who] = self._people.readers(keys)
        return self._loaded[who]


def write_values(folder: Path, count: int, keys: Sequence[Key], sealer: Sealer) -> list[Path]:
    """So many values, encrypted to these people, in files of VALUES_A_FILE, by turns on one line and as a block."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for first in range(0, count, VALUES_A_FILE):
        lines = ["---\n", f"# file {folder.name}/{first}\n"]
        for number in range(first, min(first + VALUES_A_FILE, count)):
            message = sealer.seal(f"secret {folder.name} {number}".encode(), keys)
            if number % 2:
                lines.append(f"profile{first}::secret{number}: {tokens.render(message, layout=None)}\n")
            else:
                lines.append(f"profile{first}::block{number}: {tokens.render_block(message, indent='  ')}\n")
        files.append(folder / f"app{first:05}.eyaml")
        files[-1].write_text("".join(lines))
    return files
