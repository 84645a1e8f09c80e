"""GnuPG homes for tests: those of fixtures/keyrings.json, and fresh keys where a test needs an odd one.

Tests ask for them by the fixtures of `tests/conftest.py`: `home("alice")` is shared by a worker and must not be
changed, `home_copy("alice")` and `fresh_home` belong to one test.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
KEYS = FIXTURES / "keys"
QUICK_PASSPHRASES = "s2k-count 65536\n"
"""For gpg-agent.conf: the least stretching of a passphrase; else each use of a key takes 0.1 s or more."""
KEYBOXD = bool(os.environ.get("EYAMLGPG_TEST_KEYBOXD"))
"""Whether keyboxd keeps the public keys of every home (GnuPG 2.4), and not gpg itself in a file."""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """The facts of one key of fixtures/keys."""

    name: str
    fingerprint: str
    encryption_key_id: str
    """Of its encryption subkey, 16 digits; empty for henry, who has none."""
    user_ids: tuple[str, ...]
    """As gpg lists them: the primary one first."""
    algorithm: str
    state: str

    @property
    def key_id(self) -> str:
        return self.fingerprint[-16:]

    @property
    def public(self) -> bytes:
        """The armored public key, with the others' certifications."""
        return (KEYS / f"{self.name}.pub.asc").read_bytes()

    @property
    def secret(self) -> bytes:
        """The armored secret key; frank has none."""
        return (KEYS / f"{self.name}.sec.asc").read_bytes()


@cache
def facts() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / "keyrings.json").read_text())
    return loaded


def known(name: str) -> KnownKey:
    """A key of fixtures/keys by its name: `known("bob").fingerprint`."""
    fact = facts()["keys"][name]
    return KnownKey(
        name=name,
        fingerprint=fact["fingerprint"],
        encryption_key_id="".join(fact["encryption_subkeys"]),
        user_ids=tuple(fact["user_ids"]),
        algorithm=fact["algorithm"],
        state=fact["state"],
    )


def known_names() -> tuple[str, ...]:
    return tuple(facts()["keys"])


def home_names() -> tuple[str, ...]:
    return tuple(facts()["homes"])


def gpg(home: Path, *args: str, stdin: bytes = b"", at: datetime | None = None) -> bytes:
    """What gpg writes; fails the test where gpg fails. `at` fakes gpg's clock."""
    clock = [] if at is None else ["--faked-system-time", f"{at:%Y%m%dT%H%M%S}!"]
    argv = ["gpg", "--homedir", str(home), "--batch", "--yes", "--no-tty", "--quiet", *clock, *args]
    ran = subprocess.run(argv, input=stdin, capture_output=True, check=False, env=environment())
    assert ran.returncode == 0, f"gpg {' '.join(args)}: {ran.stderr.decode(errors='replace')}"
    return ran.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}


def build(home: Path, name: str) -> Path:
    """One of the homes of fixtures/keyrings.json, in a folder that does not exist yet."""
    fact = facts()["homes"][name]
    make_home(home)
    (home / "gpg-agent.conf").write_text(QUICK_PASSPHRASES)
    for file in fact["import"]:
        gpg(home, "--import", str(KEYS / file))
    if fact["ownertrust"]:
        trust(home, *fact["ownertrust"])
    gpg(home, "--check-trustdb")
    return home


def make_home(home: Path) -> Path:
    """An empty home, in a folder that does not exist yet."""
    home.mkdir(mode=0o700)
    if KEYBOXD:
        (home / "common.conf").write_text("use-keyboxd\n")
    return home


def trust(home: Path, *lines: str) -> None:
    """Ownertrust, as `FINGERPRINT:6:` (6 ultimate, 5 full, 4 marginal)."""
    gpg(home, "--import-ownertrust", stdin="".join(f"{line}\n" for line in lines).encode())


def copy(source: Path, target: Path) -> Path:
    """A home of its own: the source's agent is stopped first, sockets and locks stay behind."""
    stop(source)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("S.*", "*.lock", ".#lk*"))
    target.chmod(0o700)
    return target


def stop(home: Path) -> None:
    """Stop the agent (and scdaemon) of a home, and forget its socket folder under /run/user, if it has one."""
    for action in (["--kill", "all"], ["--remove-socketdir"]):
        subprocess.run(["gpgconf", "--homedir", str(home), *action], capture_output=True, check=False)


def remove(folder: Path) -> None:
    """Remove a folder; an agent that is just ending may remove its sockets at the same time."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def short_folder() -> Path:
    """A folder whose path is short enough for an agent's socket (108 bytes), which pytest's own are not always."""
    return Path(tempfile.mkdtemp(prefix="eg", dir="/tmp"))


class Homes:
    """Homes in one short folder, made when first asked for, and their agents."""

    def __init__(self) -> None:
        self.folder = short_folder()
        self.made: dict[str, Path] = {}

    def __call__(self, name: str) -> Path:
        """The shared home of this name."""
        if name not in self.made:
            self.made[name] = build(self.folder / name, name)
        return self.made[name]

    def close(self) -> None:
        for home in self.folder.iterdir():
            stop(home)
        remove(self.folder)


@dataclass(frozen=True, slots=True)
class NewKey:
    """How a fresh key is to be: by default a person's ed25519 key with a cv25519 subkey, never expiring."""

    user_id: str = "Zoe Fresh <zoe@example.com>"
    algorithm: str = "ed25519"
    subkeys: Sequence[str] = ("cv25519",)
    """Encryption subkeys: `cv25519`, `rsa2048`; none for a key that cannot be encrypted to."""
    expires: str = "0"
    """As gpg takes it: `0` never, `1d`, `2y`, `seconds=60`."""
    passphrase: str = ""
    at: datetime | None = None


def make_key(home: Path, new: NewKey = NewKey()) -> str:
    """Generate a key and give its fingerprint; some 20 ms for the curves."""
    options = ["--pinentry-mode", "loopback", "--passphrase", new.passphrase]
    key = (new.user_id, new.algorithm, "sign,cert", new.expires)
    fingerprint = created(gpg(home, *options, "--status-fd=1", "--quick-generate-key", *key, at=new.at))
    for algorithm in new.subkeys:
        add_subkey(home, fingerprint, algorithm, new)
    return fingerprint


def add_subkey(home: Path, fingerprint: str, algorithm: str = "cv25519", new: NewKey = NewKey()) -> str:
    """Add an encryption subkey, with the expiry, passphrase and clock of `new`; gives its fingerprint."""
    options = ["--pinentry-mode", "loopback", "--passphrase", new.passphrase]
    gpg(home, *options, "--quick-add-key", fingerprint, algorithm, "encr", new.expires, at=new.at)
    listing = gpg(home, "--with-colons", "--list-keys", fingerprint).decode().splitlines()
    return [line.split(":")[9] for line in listing if line.startswith("fpr:")][-1]


def make_key_by_batch(home: Path, *lines: str, at: datetime | None = None) -> str:
    """Generate a key from the lines of gpg's parameter file, for odd ones; gives its fingerprint."""
    parameters = "\n".join(("%no-protection", *lines, "%commit", "")).encode()
    return created(gpg(home, "--status-fd=1", "--generate-key", stdin=parameters, at=at))


def created(statuses: bytes) -> str:
    """The fingerprint of the key that gpg says it made; its place in a listing depends on who keeps the keys."""
    return next(line.split()[3] for line in statuses.decode().splitlines() if line.startswith("[GNUPG:] KEY_CREATED "))


def fingerprints(home: Path) -> list[str]:
    """The primary fingerprints, in the keyring's order."""
    found = []
    after_primary = False
    for line in gpg(home, "--with-colons", "--list-keys").decode().splitlines():
        if line.startswith("fpr:") and after_primary:
            found.append(line.split(":")[9])
        after_primary = line.startswith("pub:")
    return found


def own_fingerprint(home: Path) -> str:
    """The primary fingerprint of the one key whose secret part is here."""
    told = gpg(home, "--with-colons", "--list-secret-keys").decode().splitlines()
    return next(line.split(":")[9] for line in told if line.startswith("fpr:"))


def listed(*imported: str) -> list[str]:
    """Fingerprints that were imported in this order, in the order in which gpg lists them."""
    return sorted(imported) if KEYBOXD else list(imported)


def revoke(home: Path, fingerprint: str) -> None:
    """Revoke a key by the certificate that gpg made with it."""
    certificate = (home / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text()
    gpg(home, "--import", stdin=certificate.replace(":-----BEGIN", "-----BEGIN").encode())
