"""`git log -p -5` of a tree with 500 values, with and without values in clear, one and the same run.

    python -m benchmarks.git_log

Five commits, each of which changes one value of one file of 25; and one that encrypts all 500 anew. The reader's key is
RSA-2048 or cv25519, with a passphrase that gpg-agent knows, or without.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Row, eyamlgpg
from tests.support import keyrings, pinentry
from tests.support.keyrings import NewKey

FILES = 20
VALUES = 25
"""Of each file."""
COMMITS = 5
BAR = 6.0
"""Times the start of a command that does nothing, for each version of a file."""

NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.com",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.com",
}


class Log:
    """A tree with its history, for one reader."""

    def __init__(self, folder: Path, algorithm: str, passphrase: str) -> None:
        self.homes = keyrings.Homes()
        self.home = keyrings.build(self.homes.folder / "reader", "empty")
        fingerprint = keyrings.make_key(self.home, NewKey(passphrase=passphrase, subkeys=(algorithm,)))
        if passphrase:
            pinentry.install(self.home, f"say {passphrase}")
        keyrings.trust(self.home, f"{fingerprint}:6:")
        self.root = folder / f"{algorithm}{len(passphrase)}"
        self.root.mkdir()
        self.environ = {**measure.environment(self.home), **NOBODY, "XDG_STATE_HOME": str(folder)}
        (self.root / "hiera-eyaml-gpg.recipients").write_text(f"{fingerprint}\n")
        self.run("git", "init", "-q")
        self._encrypt()
        self.run("git", "add", "-A")
        self._commit()
        for number in range(COMMITS):
            self.run(*eyamlgpg("set", f"f{number}.eyaml", f"key{number}", "-s", f"changed {number}"))
            self._commit()
        self.run(*eyamlgpg("get", "f0.eyaml", "key0"))  # gpg-agent knows the passphrase from now on
        self.run(*eyamlgpg("git", "install"))

    def seconds(self, *words: str) -> tuple[float, str]:
        """By the clock, the best of three, and what git printed."""
        taken, printed = [], ""
        for _ in range(3):
            before = time.perf_counter()
            printed = self.run("git", "log", "-p", *words)
            taken.append(time.perf_counter() - before)
        return min(taken), printed

    def encrypt_all_anew(self) -> None:
        """One commit in which no plaintext changes."""
        self._encrypt(changed=True)
        self._commit()

    def run(self, *words: str) -> str:
        """One command, which must end well."""
        ran = subprocess.run(
            words, cwd=self.root, env=_plain(self.environ), capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise SystemExit(f"{words}: {ran.stderr}")
        return ran.stdout

    def _encrypt(self, *, changed: bool = False) -> None:
        for number in range(FILES):
            values = [f"secret {number} {key}" for key in range(VALUES)]
            if changed and number < COMMITS:
                values[number] = f"changed {number}"
            lines = (f"key{key}: DEC::GPG[{value}]!\n" for key, value in enumerate(values))
            (self.root / f"f{number}.eyaml").write_text("---\n" + "".join(lines))
            self.run(*eyamlgpg("encrypt", "-i", "-e", f"f{number}.eyaml"))

    def _commit(self) -> None:
        self.run("git", "commit", "-qam", "step")


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure_all(folder: Path, row: Row) -> None:
    """The rows of each kind of reader."""
    for reader, algorithm, passphrase in (
        ("cv25519", "cv25519", ""),
        ("RSA-2048", "rsa2048", ""),
        ("a passphrase on cv25519", "cv25519", "right"),
    ):
        log = Log(folder, algorithm, passphrase)
        try:
            shown, text = log.seconds(f"-{COMMITS}")
            ciphertext, _ = log.seconds(f"-{COMMITS}", "--no-textconv")
            changes = text.count("\n+key")
            if changes != COMMITS or "+key0: DEC::GPG[changed 0]!" not in text:
                raise SystemExit(f"git shows {changes} changes:\n{text}")
            each = shown / (2 * COMMITS) * 1e3
            row(
                f"git log -p -{COMMITS} of a tree with {FILES * VALUES} values, {reader}",
                f"{shown:.2f} s; {ciphertext * 1e3:.0f} ms with ciphertext, {each:.0f} ms a version",
                "",
                met=None,
            )
            start = statistics.median(_start(log) for _ in range(5))
            ratio = shown / (2 * COMMITS * start)
            row("… against as many starts of eyamlgpg --version", f"{ratio:.1f} ×", f"<= {BAR:g} ×", met=ratio <= BAR)
            log.encrypt_all_anew()
            anew, text = log.seconds("-1")
            row(
                f"… of a commit that encrypts all {FILES * VALUES} anew",
                f"{anew:.2f} s, {text.count(chr(10) + '@@')} differences",
                "0 differences",
                met="\n@@" not in text,
            )
        finally:
            log.homes.close()


def _start(log: Log) -> float:
    before = time.perf_counter()
    log.run(*eyamlgpg("--version"))
    return time.perf_counter() - before


def main() -> int:
    """Print the rows; 1 if a bar is not met."""
    missed = []

    def row(claim: str, measured: str, bar: str, *, met: bool | None) -> None:
        print(f"| {claim} | {measured} | {bar} | {'' if met is None else 'yes' if met else 'NO'} |")
        missed.extend([claim] if met is False else [])

    measure.compile_first()
    with tempfile.TemporaryDirectory(prefix="egl") as folder:
        measure_all(Path(folder), row)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
