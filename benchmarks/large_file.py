"""How eyamlgpg takes one file of many values and one value of many megabytes, beside the real `eyaml`.

    python benchmarks/large_file.py [--values 5000] [--megabytes 10] [--no-peer]

Prints, for each of `decrypt -e`, an `edit` that changes one value, and `recrypt --all`: wall seconds, processor seconds
(children included) and the peak memory of the largest process. One cv25519 key reads, in a throwaway GnuPG home.
"""

import argparse
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USER = "Reader <reader@example.com>"
EDITOR = "import sys, pathlib; f = pathlib.Path(sys.argv[1]); f.write_text(f.read_text().replace('[first', '[1st', 1))"
OURS = (sys.executable, "-m", "eyamlgpg")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    seconds: float
    processor: float
    megabytes: float
    failure: str | None = None

    def __str__(self) -> str:
        """A cell of the table; a failure by its first words."""
        told = f"{self.seconds:7.1f} s {self.processor:7.1f} s {self.megabytes:7.0f} MB"
        return told if self.failure is None else f"{told}  FAILED: {self.failure}"


def run(argv: Sequence[str], environ: dict[str, str], output: Path) -> Cost:
    """Run a command, its answer into a file."""
    begun = time.monotonic()
    with output.open("wb") as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(argv, env=environ, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        reason = re.search(r".{,60}Error.{,60}", err.read().decode("utf-8", "replace"))
    failure = None if child.returncode == 0 else f"{reason[0].strip() if reason else ''} (status {child.returncode})"
    # ru_maxrss: kilobytes on Linux, bytes on macOS (getrusage(2))
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / unit, failure)


@contextmanager
def workshop() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with a GnuPG home, one key, a recipients file and an editor that changes the first value."""
    folder = Path(tempfile.mkdtemp(prefix="eg", dir="/tmp"))  # short, for the agent's sockets
    home = folder / "home"
    home.mkdir(mode=0o700)
    (folder / "editor.py").write_text(EDITOR)
    environ = {
        **os.environ,
        "GNUPGHOME": str(home),
        "EDITOR": shlex.join([sys.executable, str(folder / "editor.py")]),
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }
    gpg = ["gpg", "--batch", "--quiet", "--passphrase", ""]
    try:
        for arguments in (["--quick-generate-key", USER, "ed25519", "sign,cert", "0"],):
            subprocess.run([*gpg, *arguments], env=environ, check=True, capture_output=True)
        listing = subprocess.run(["gpg", "--list-keys", "--with-colons"], env=environ, check=True, capture_output=True)
        fingerprint = next(
            line.split(":")[9] for line in listing.stdout.decode().splitlines() if line.startswith("fpr:")
        )
        subprocess.run([*gpg, "--quick-add-key", fingerprint, "cv25519", "encr", "0"], env=environ, check=True)
        (folder / "hiera-eyaml-gpg.recipients").write_text(f"{fingerprint}\n")
        yield folder, environ
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def measure(title: str, text: str, folder: Path, environ: dict[str, str], *, peer: bool) -> None:
    """Encrypt a text with markers, and run the three commands on it with each tool."""
    file, out = folder / "a.eyaml", folder / "out"
    file.write_text(text)
    made = run([*OURS, "encrypt", "-i", "-e", str(file)], environ, out)
    encrypted = file.read_bytes()
    print(f"\n{title}: {len(encrypted) / 1e6:.1f} MB; made by `encrypt -i -e`:{made}")
    home = ["-n", "gpg", "--gpg-gnupghome", environ["GNUPGHOME"]]
    for name, ours, theirs in (
        ("decrypt -e", ["decrypt", "-e"], ["decrypt", *home, "-e"]),
        ("edit, one change", ["edit"], ["edit", *home]),
        ("recrypt --all", ["recrypt", "--all"], ["recrypt", *home, "-d", "gpg"]),
    ):
        tools = [("eyamlgpg", [*OURS, *ours])] + ([("eyaml", ["eyaml", *theirs])] if peer else [])
        for tool, argv in tools:
            file.write_bytes(encrypted)
            print(f"  {name:<18} {tool:<9}{run([*argv, str(file)], environ, out)}", flush=True)


def values(count: int) -> str:
    """A file of so many short secrets."""
    return "---\n" + "".join(f"key_{at}: DEC::GPG[{'first ' if not at else ''}secret {at}]!\n" for at in range(count))


def megabytes(count: int) -> str:
    """A file of one secret of so many million bytes, in a block."""
    line = "0123456789abcdef" * 4 + "\n"
    return f"---\nlarge: >\n  DEC::GPG[first {line * (count * 1_000_000 // len(line))}]!\n"


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=int, nargs="*", default=[1000, 5000])
    parser.add_argument("--megabytes", type=int, default=10)
    parser.add_argument("--no-peer", action="store_true", help="eyamlgpg alone")
    words = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    peer = not words.no_peer and shutil.which("eyaml") is not None
    print("                            wall  processor  peak memory")
    with workshop() as (folder, environ):
        for count in words.values:
            measure(f"{count:,} values", values(count), folder, environ, peer=peer)
        measure(f"one value of {words.megabytes} MB", megabytes(words.megabytes), folder, environ, peer=peer)


if __name__ == "__main__":
    main()
