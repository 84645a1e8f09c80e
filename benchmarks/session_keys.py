"""A reader whose key has a passphrase: one session key a file against one a value.

python -m benchmarks.session_keys
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import agent_seconds, environment, eyamlgpg
from tests.support import keyrings, pinentry
from tests.support.keyrings import NewKey

VALUES = 500
FEW = 20
"""Values with a session key each, of which each costs an operation."""

MOST = 3
"""Private-key operations for a whole file."""

Row = Callable[..., None]
"""`Bench.row`."""

KINDS = {"RSA-2048": "rsa2048", "cv25519": "cv25519"}


class Locked:
    """A home with one such key, its agent's log, and a tree for it."""

    def __init__(self, folder: Path, algorithm: str) -> None:
        self.homes = keyrings.Homes()
        self.home = keyrings.build(self.homes.folder / "locked", "empty")
        # As people have it: stretched for as long as gpg-agent finds right, and not as in the tests.
        (self.home / "gpg-agent.conf").unlink()
        keyrings.stop(self.home)
        fingerprint = keyrings.make_key(self.home, NewKey(passphrase="right", subkeys=(algorithm,)))  # noqa: S106
        pinentry.install(self.home, "say right")
        self.log = folder / "agent.log"
        with (self.home / "gpg-agent.conf").open("a") as conf:
            conf.write(f"log-file {self.log}\ndebug ipc\n")
        keyrings.trust(self.home, f"{fingerprint}:6:")
        self.root = folder / "tree"
        (self.root / ".eyamlgpg").mkdir(parents=True)
        (self.root / "hiera-eyaml-gpg.recipients").write_text(f"{fingerprint}\n")
        self.environ = environment(self.home)
        self.environ["XDG_STATE_HOME"] = str(folder)

    def opened(self, session_keys: str, count: int) -> tuple[int, float]:
        """Private-key operations and processor seconds to open a file of so many values, the agent's included."""
        (self.root / ".eyamlgpg/policy.yaml").write_text(f"version: 1\nsession_keys: {session_keys}\n")
        (self.root / "a.eyaml").write_text("".join(f"k{n}: DEC::GPG[secret {n}]!\n" for n in range(count)))
        self.run("encrypt", "-i", "-e", "a.eyaml")
        self.run("decrypt", "-e", "a.eyaml")  # the agent is there, and has asked
        operations, seconds = self._operations(), agent_seconds(self.home)
        cost = self.run("decrypt", "-e", "a.eyaml")
        return self._operations() - operations, cost.processor + agent_seconds(self.home) - seconds

    def run(self, *words: str) -> measure.Cost:
        """One of our commands."""
        cost = measure.run(eyamlgpg(*words), self.root, self.environ)
        if cost.status:
            raise SystemExit(f"eyamlgpg {words[0]} ended with {cost.status}: {cost.stderr}")
        return cost

    def _operations(self) -> int:
        return self.log.read_bytes().count(b"<- PKDECRYPT")


def measure_one(folder: Path, reader: str, algorithm: str, row: Row) -> None:
    """The rows of one kind of key."""
    locked = Locked(folder, algorithm)
    try:
        each, seconds = locked.opened("per-value", FEW)
        row(
            f"decrypt -e with a passphrase on {reader}, a session key a value",
            f"{each} operations for {FEW} values, {seconds / FEW * 1e3:.0f} ms of processor a value",
            "",
            met=None,
        )
        operations, shared = locked.opened("per-file", VALUES)
        measured = f"{operations} operations for {VALUES} values, {shared / VALUES * 1e3:.1f} ms a value"
        row("… a session key a file", measured, f"<= {MOST} operations", met=operations <= MOST)
    finally:
        locked.homes.close()


def measure_all(folder: Path, row: Row) -> None:
    """The rows of all kinds of keys."""
    for reader, algorithm in KINDS.items():
        part = folder / f"locked-{algorithm}"
        part.mkdir()
        measure_one(part, reader, algorithm, row)


def main() -> int:
    """Only these rows; 1 if a bar is not met."""
    verdicts: list[bool | None] = []

    def row(claim: str, measured: str, bar: str, *, met: bool | None) -> None:
        verdicts.append(met)
        print(f"| {claim} | {measured} | {bar} | {'' if met is None else 'yes' if met else 'NO'} |", flush=True)

    with tempfile.TemporaryDirectory(prefix="egb") as folder:
        measure_all(Path(folder), row)
    return int(False in verdicts)


if __name__ == "__main__":
    sys.exit(main())
