"""A folder whose values are for a team, and edits in it by a script in place of a person."""

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import corpus_editor
from tests.support.keyrings import known
from tests.support.tool import Ran, Tool


@dataclass(frozen=True, slots=True)
class Team:
    """`folder` holds alice's and bob's recipients file; commands run there with alice's keys."""

    folder: Path
    home: Path
    tool: Tool

    def wanted(self, *names: str) -> None:
        """Write the recipients file."""
        lines = [f"{known(name).fingerprint}\n" for name in names]
        (self.folder / "hiera-eyaml-gpg.recipients").write_text("".join(lines))

    def run(self, *words: str, stdin: bytes = b"") -> Ran:
        return self.tool(*words, home=self.home, cwd=self.folder, stdin=stdin)

    def done(self, *words: str, stdin: bytes = b"") -> bytes:
        """What the command prints; fails the test where it fails."""
        ran = self.run(*words, stdin=stdin)
        assert ran.status == 0, ran.err
        return ran.out

    def edit(self, file: str, *sessions: list[Any], stdin: bytes = b"") -> Ran:
        """Edit a file by the steps of `tests/support/corpus_editor.py`, a list for each time that the editor opens."""
        log, script = self.folder.parent / "log", self.folder.parent / "sessions.json"
        log.mkdir(exist_ok=True)
        for old in log.iterdir():
            old.unlink()
        script.write_text(json.dumps(sessions))
        editor = shlex.join([sys.executable, "-I", "-S", corpus_editor.__file__, str(script), str(log)])
        ran = self.tool("edit", file, home=self.home, cwd=self.folder, stdin=stdin, environ={"EDITOR": editor})
        assert not (log / "missed").exists(), (log / "missed").read_text()
        return ran

    def shown(self, opened: int = 0) -> str:
        """What the editor showed in the last edit, the first time or a later one."""
        return (self.folder.parent / "log" / f"shown.{opened}").read_bytes().decode("utf-8", "surrogateescape")
