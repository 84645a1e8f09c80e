"""The suite inside a root folder of a Debian release: `tox run -e debian-trixie`.

    python -m tests.matrix SUITE [--keyboxd] [-- PYTEST-ARGUMENTS]

TRIXIE_ROOT, or the like for another release, names the folder. Without it, mmdebstrap makes one, which is kept under
.tox/roots. Where none can be had, the reason is told in one line, and the status is 0.
"""

import argparse
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.matrix import roots

CHECKOUT = Path(__file__).resolve().parents[2]
PINS = CHECKOUT / "release/pins/tests.txt"
KEPT = ("TERM", "CI", "PYTHONDONTWRITEBYTECODE")
"""What the suite gets of our environment."""


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the suite, or tell why not; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description="Run the suite in a root folder.")
    parser.add_argument("suite", help="a Debian release, such as trixie")
    parser.add_argument("--keyboxd", action="store_true", help="let keyboxd keep the keys of every GnuPG home")
    end = arguments.index("--") if "--" in arguments else len(arguments)
    wanted, words = parser.parse_args(arguments[:end]), arguments[end + 1 :]
    try:
        enter = roots.entering(os.geteuid())
        root = _root(wanted.suite, enter, environ)
    except roots.UnavailableError as error:
        print(f"{environ.get('TOX_ENV_NAME', wanted.suite)}: skipped: {error}")  # noqa: T201 - a program of its own
        return 0
    with tempfile.TemporaryDirectory(prefix="eyamlgpg-matrix-") as folder:
        site, tmp = Path(folder, "site"), Path(folder, "tmp")
        tmp.mkdir()
        install(site, roots.python_version(root))
        command: list[str | Path] = [*enter, "sh", Path(__file__).with_name("inside.sh"), root, CHECKOUT, site, tmp]
        ran = subprocess.run([*command, *suite(words, environ, keyboxd=wanted.keyboxd)], check=False)
        subprocess.run([*enter, "find", tmp, "-mindepth", "1", "-delete"], check=True)
    return ran.returncode


def _root(suite: str, enter: Sequence[str], environ: Mapping[str, str]) -> Path:
    variable = f"{suite.upper()}_ROOT"
    if environ.get(variable):
        return roots.named(variable, Path(environ[variable]))
    options = shlex.split(environ.get("MMDEBSTRAP_OPTIONS", ""))
    return roots.made(suite, CHECKOUT / ".tox" / "roots" / suite, enter, options)


def install(site: Path, version: str) -> None:
    """The pinned packages, as built for another Python than ours, and the project itself."""
    system = f"{platform.machine()}-unknown-linux-gnu"
    uv = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", site)
    target = ("--python-version", version, "--python-platform", system)
    subprocess.run([*uv, *target, "--only-binary", ":all:", "--require-hashes", "-r", PINS], check=True)
    subprocess.run([*uv, *target, "--no-deps", CHECKOUT], check=True)


def suite(arguments: Sequence[str], environ: Mapping[str, str], *, keyboxd: bool) -> list[str]:
    """The command that runs the tests inside, where the environment is bare."""
    kept = [f"{name}={environ[name]}" for name in KEPT if name in environ]
    switch = ["EYAMLGPG_TEST_KEYBOXD=1"] if keyboxd else []
    return ["env", *kept, *switch, "/venv/bin/python", "-m", "pytest", "-p", "no:cacheprovider", *arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
