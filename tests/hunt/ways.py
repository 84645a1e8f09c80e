"""Ways through a repository: what is done in it, and what `check` says afterwards."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.hunt.outcomes import Outcome, Seen
from tests.support.repository import Repository
from tests.support.tool import Ran, Tool

WORD = "Kirschkuchen9"
CLEAR = f"db::password: {WORD}\n"
DATA = "hieradata/a.yaml"
LIST = "hieradata/hiera-eyaml-gpg.recipients"
POLICY, BASELINE = ".eyamlgpg/policy.yaml", ".eyamlgpg/baseline.yaml"

Done = Callable[[Repository], object]

_NOTHING = re.compile(r"eyamlgpg: [0-9,]+ files?, [0-9,]+ encrypted values?: nothing found(, [0-9]+ excepted)?")
"""The line that counts, where it says nothing."""


@dataclass
class Ways:
    """A table: what is done, what the hook says then, and what `check` of the tree as CI has it."""

    rows: dict[str, tuple[Done, Outcome, Outcome]] = field(default_factory=dict)

    def __call__(self, hook: Outcome, tree: Outcome) -> Callable[[Done], Done]:
        """Notes a function as a row, which is called as the function is."""

        def note(done: Done) -> Done:
            self.rows[done.__name__.replace("_", " ")] = (done, hook, tree)
            return done

        return note

    def called(self, *names: str, outcome: Outcome, text: str = CLEAR) -> None:
        """A row for each file of such a name."""
        for name in names:
            self.rows[f"called {name!r}"] = (partial(add, path=name, text=text), outcome, outcome)


def add(repository: Repository, path: str = DATA, text: str = CLEAR) -> None:
    """Write a file and stage it, also one that is ignored."""
    repository.write(path, text)
    repository.git("add", "-f", path)


def look(committed: Repository, folder: Path, done: Done, *words: str) -> Seen:
    """What `check` says of a copy of a repository in which something was done."""
    if not folder.exists():
        shutil.copytree(committed.root, folder, symlinks=True)
        done(Repository(folder, committed.home))
    return _seen(Tool()("check", "--format", "json", *words, home=committed.home, cwd=folder))


def _seen(ran: Ran) -> Seen:
    findings = json.loads(ran.out)["findings"] if ran.out else []
    errors = frozenset(one["rule"] for one in findings if one["severity"] == "error")
    words = (line for line in ran.err.splitlines() if not _NOTHING.fullmatch(line))
    return Seen(errors, (*(one["rule"] for one in findings if one["rule"] not in errors), *words))
