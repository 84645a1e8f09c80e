"""A git repository for one test, with nobody's configuration."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_WHO = {
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.com",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree and the git that works on it."""

    root: Path
    home: Path | None = None

    @property
    def environ(self) -> dict[str, str]:
        """Of git and of the hooks that it runs: this checkout's eyamlgpg, and the test's GnuPG home."""
        gnupg = {} if self.home is None else {"GNUPGHOME": str(self.home)}
        return {**os.environ, **_WHO, **gnupg, "PYTHONPATH": str(ROOT)}

    def git(self, *words: str, stdin: str = "") -> str:
        """What git prints; fails the test where git fails."""
        ran = self.tried(*words, stdin=stdin)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def tried(self, *words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """A git that may fail."""
        return subprocess.run(
            ["git", *words], cwd=self.root, env=self.environ, input=stdin, capture_output=True, text=True, check=False
        )

    def write(self, path: str, text: str) -> Path:
        """Put a file into the working tree."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def commit(self, **files: str) -> None:
        """Commit these files, `a_eyaml` being a.eyaml, and all else that is there, past every hook."""
        for name, text in files.items():
            self.write(name.replace("_", "."), text)
        self.git("add", "-A")
        self.git("commit", "-qnm", "step")


def start(root: Path, home: Path | None = None) -> Repository:
    """A new, empty repository."""
    root.mkdir(parents=True, exist_ok=True)
    made = Repository(root, home)
    made.git("init", "-q", "-b", "main", ".")
    return made
