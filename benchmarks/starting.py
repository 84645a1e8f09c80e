"""How long a command takes that has next to nothing to do, against an interpreter that has nothing to do at all."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import measure
from benchmarks.measure import Cost, Row, eyamlgpg
from benchmarks.world import People, Sealer, write_recipients
from eyamlgpg.cli.main import COMMANDS
from eyamlgpg.formats.eyaml import tokens

BARS = {"--version": 6, "--help": 6, "get a.eyaml db::password": 9}
"""Times an interpreter that does nothing."""

TYPICAL = {
    "encrypt": "encrypt -s x",
    "decrypt": "decrypt -e a.eyaml",
    "edit": "edit a.eyaml",
    "set": "set a.eyaml db::password -s x",
    "recrypt": "recrypt",
    "who": "who",
    "rotation": "rotation person000@example.com",
    "audit": "audit",
    "recipients": "recipients list",
    "keys": "keys list",
    "check": "check",
    "explain": "explain access-missing",
    "hook": "hook status",
    "git": "git textconv a.eyaml",
    "completion": "completion bash",
}
"""A run of each command; of any other its help is asked for."""

MORE = ("keys check",)

QUESTIONS = {
    "bash asks for the commands": {"_EYAMLGPG_COMPLETE": "bash_complete", "COMP_LINE": "eyamlgpg "},
    "zsh asks for the commands": {
        "_EYAMLGPG_COMPLETE": "zsh_complete",
        "COMP_WORDS": "eyamlgpg",
        "COMP_CWORD": "1",
    },
    "fish asks for a Hiera key": {
        "_EYAMLGPG_COMPLETE": "fish_complete",
        "COMP_WORDS": "eyamlgpg get a.eyaml ",
        "COMP_CWORD": "",
    },
}

TIMES = 9


@dataclass(frozen=True)
class Starting:
    """Runs over a tree of one value."""

    folder: Path
    who: People
    environ: Mapping[str, str]
    repeats: int
    row: Row

    def measure(self) -> None:
        """Each command and the interpreter by turns."""
        root = self.tree()
        measured = {words.split()[0] for words in BARS}
        others = [TYPICAL.get(name, f"{name} --help") for name in COMMANDS if name not in measured]
        for words in (*BARS, *others, *MORE):
            self.one(f"eyamlgpg {words}", words.split(), root, {}, BARS.get(words))
        for what, asked in QUESTIONS.items():
            self.one(what, [], root, asked, None)

    def one(self, what: str, words: list[str], root: Path, more: Mapping[str, str], bar: int | None) -> None:
        """The row of one run."""
        environ = {**self.environ, "EDITOR": "true", **more}
        measure.run(eyamlgpg(*words), root, environ)  # the agent is there, and everything compiled
        ours, bare = list[Cost](), list[Cost]()
        for _ in range(TIMES if bar else self.repeats):
            bare.append(measure.run([sys.executable, "-c", "pass"], root, environ))
            ours.append(measure.run(eyamlgpg(*words), root, environ))
        if ours[0].status not in (0, 1):
            raise SystemExit(f"{what} ended with {ours[0].status}: {ours[0].stderr}")
        processor = median(cost.processor for cost in ours)
        ratio = processor / median(cost.processor for cost in bare)
        seconds = median(cost.seconds for cost in ours)
        text = f"{processor * 1e3:.0f} ms of processor, {ratio:.1f} × of python -c pass; {seconds * 1e3:.0f} ms"
        self.row(f"`{what}`", text, f"<= {bar} ×" if bar else "", met=None if bar is None else ratio <= bar)

    def tree(self) -> Path:
        """One value for three readers."""
        root = self.folder / "started"
        readers = self.who.keys[:3]
        write_recipients(root, readers)
        message = Sealer(self.who).seal(b"secret", readers)
        (root / "a.eyaml").write_text(f"db::password: {tokens.render(message, layout=None)}\n")
        (root / ".git").mkdir()
        measure.run(["git", "init", "-q"], root, self.environ)
        return root
