"""A wheel or sdist in an empty environment, and the demo played there with a bare PATH and an empty home."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from release.pythons import Interpreter

EXTRAS = "[pkcs7]"
SHARE = Path(__file__).resolve().parent.parent / "share"
"""Manual pages and completion files, which an environment gets into a folder of the same name."""
BARE_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Installed:
    """What came of one archive on one Python."""

    python: Interpreter
    archive: Path
    folder: Path
    """The environment."""
    version: str
    """What the program says that it is; empty where it says nothing."""
    failure: str | None
    """The last line of whatever failed; None where the demo was played."""


def install(python: Interpreter, archive: Path, folder: Path) -> Installed:
    """Make the environment, install, and play the demo."""
    home = folder / "home"
    said = ""
    program = folder / "bin" / "eyamlgpg"
    steps: list[list[str | Path]] = [
        [python.path, "-m", "venv", folder],
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"{archive}{EXTRAS}"],
        [folder / "bin" / "python", "-m", "pip", "check"],
        [program, "--version"],
        [program, "demo"],
    ]
    for step in steps:
        ran = subprocess.run(
            step,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={"PATH": BARE_PATH, "HOME": str(home), "LANG": "C.UTF-8"} if step[0] == program else None,
        )
        if ran.returncode:
            last = (ran.stderr.strip() or ran.stdout.strip() or "no word").splitlines()[-1]
            return Installed(python, archive, folder, said, f"{Path(step[0]).name}: status {ran.returncode}: {last}")
        if step[-1] == "--version":
            said = ran.stdout.split()[-1]
            home.mkdir(mode=0o700)
    absent = [path for path in SHARE.rglob("*") if not (folder / "share" / path.relative_to(SHARE)).exists()]
    failure = f"not installed: share/{absent[0].relative_to(SHARE)}" if absent else None
    return Installed(python, archive, folder, said, failure)
