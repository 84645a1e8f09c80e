"""A tree in which one command runs in strange surroundings, and what must be true of it afterwards."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.scenes import Scene
from tests.faults.trees import PLAIN, secrets
from tests.support import keyrings
from tests.support.roles import Roles
from tests.support.tool import Tool

ROOT = Path(__file__).resolve().parents[2]
EDITOR = '#!/bin/sh\nprintf "\\nadded: 1\\n" >> "$1"\n'
STATUSES = frozenset({0, 1, 2, 3, 4, 130})
"""Those of docs/reference/exit-statuses.md that are no bug."""

_LINE = re.compile(rb"eyamlgpg: |\n|\Z")


@dataclass(frozen=True)
class Situation:
    """What surrounds a run: a shell's words before and behind it, and other variables."""

    name: str
    before: str = ""
    """Shell commands of the process that becomes ours."""
    behind: str = ""
    """Redirections."""
    environ: Mapping[str, str | None] = field(default_factory=dict)
    """`{place}` stands for the folder around the tree; None for a variable that is not set."""
    statuses: frozenset[int] = STATUSES
    seconds: float = 60.0

    def variables(self, place: Path, environ: Mapping[str, str]) -> dict[str, str]:
        """The environment of the run."""
        changed = {name: None if value is None else value.format(place=place) for name, value in self.environ.items()}
        return {name: value for name, value in {**environ, **changed}.items() if value is not None}


@dataclass(frozen=True)
class Ran:
    """What a run came to."""

    status: int
    out: bytes
    err: bytes
    took: float


@dataclass(frozen=True)
class Place:
    """A copy of a scene's tree, a HOME and a GnuPG home."""

    folder: Path
    home: Path
    scene: Scene

    @property
    def tree(self) -> Roles:
        """The tree, in which the same user types under ordinary circumstances."""
        return Roles(self.folder / "tree", Tool(), lambda _who: self.home)

    @property
    def environ(self) -> dict[str, str]:
        """The user's environment."""
        return {
            **os.environ,
            "GNUPGHOME": str(self.home),
            "HOME": str(self.folder / "home"),
            "EDITOR": str(self.folder / "editor"),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, situation: Situation) -> "subprocess.Popen[bytes]":
        """The scene's command in a situation, under way; the process is ours as soon as it has begun."""
        script = f'{situation.before}\nexec "$@" {situation.behind}'
        return subprocess.Popen(
            ["sh", "-c", script, "sh", sys.executable, "-P", "-m", "eyamlgpg", *self.scene.words],
            cwd=self.tree.root,
            env=situation.variables(self.folder, self.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, situation: Situation) -> Ran:
        """The same, to its end."""
        begun = time.monotonic()
        with self.start(situation) as process:
            try:
                out, err = process.communicate(self.scene.stdin, situation.seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                return Ran(-99, out, err, time.monotonic() - begun)
        return Ran(process.returncode, out, err, time.monotonic() - begun)

    def wrong(self, ran: Ran, statuses: frozenset[int] = STATUSES) -> Iterator[str]:
        """What is not as it must be after a run, under ordinary circumstances again."""
        told = ran.err.decode("utf-8", "replace")
        if ran.status not in statuses:
            yield f"status {ran.status} after {ran.took:.1f} s: {told}"
        if b"Traceback" in ran.err or b"Traceback" in ran.out:
            yield f"a traceback: {told}"
        if any(line and not line.startswith(b"eyamlgpg: ") for line in ran.err.splitlines()):
            yield f"words that are not ours: {told}"
        if ran.status == 0 and not self._is_done():
            yield f"status 0, and it is not done: {told}"
        yield from self._lost()
        if self.scene.runs_again and not self._is_done():
            yield from self._begun()
        left = [path.name for path in self.tree.root.rglob(".*.*") if path.suffix and ".git" not in path.parts]
        if left:
            yield f"left behind: {left}"

    def _lost(self) -> Iterator[str]:
        opened = secrets(self.tree)
        if not opened or not set(opened) <= set(PLAIN):
            yield f"values are lost: {opened}"
        if not self.scene.is_whole(self.tree):
            yield "it is not whole"
        yield from (f"in clear: {path}" for path in self._in_clear())

    def _begun(self) -> Iterator[str]:
        """What the same command does not end of what was begun."""
        again = self.tree(*self.scene.words, stdin=self.scene.stdin)
        if "as after a removal that was interrupted: eyamlgpg recrypt" in again.err:
            again = self.tree("recrypt")  # who is out of the list already cannot be removed once more
        if again.status or not self._is_done():
            yield f"the next run: status {again.status}: {again.err}"

    def _is_done(self) -> bool:
        """False also where the file that is looked at was never made."""
        try:
            return self.scene.is_done(self.tree)
        except (AssertionError, FileNotFoundError):
            return False

    def _in_clear(self) -> Iterator[Path]:
        for path in self.folder.rglob("*"):
            is_before = path.name == "m.eyaml" and self.scene.words[0] == "encrypt"
            if not is_before and path.is_file() and any(plain in path.read_bytes() for plain in PLAIN):
                yield path


class Stage:
    """Scenes made ready once each, and copied for each run."""

    def __init__(self, folder: Path, master: Path, home: Path, homes: keyrings.Homes) -> None:
        """`master`: the tree that scenes begin with."""
        self._folder = folder
        self._master = master
        self._home = home
        self._homes = homes
        self._made: dict[Sequence[str], Path] = {}
        self._copies = 0

    def place(self, scene: Scene, *, own_home: bool = False) -> Place:
        """A fresh copy; `own_home`: with a GnuPG home that only this one uses."""
        self._copies += 1
        folder = self._folder / f"p{self._copies}"
        shutil.copytree(self._ready(scene), folder, symlinks=True)
        (folder / "home").mkdir()
        (folder / "editor").write_text(EDITOR)
        (folder / "editor").chmod(0o755)
        os.environ["EDITOR"] = str(folder / "editor")
        home = self._home
        if own_home or scene.changes_home:
            home = keyrings.copy(home, self._homes.folder / f"s{self._copies}")
        return Place(folder, home, scene)

    def let_go(self, place: Place) -> None:
        """Stop the agent of a home of its own: one that was started under a limit keeps it."""
        if place.home == self._home:
            return
        keyrings.stop(place.home)
        # An agent that is asked to end says yes first, and takes its socket away afterwards, or that of the next one.
        for _ in range(100):
            if not (place.home / "S.gpg-agent").exists():
                return
            time.sleep(0.05)

    def _ready(self, scene: Scene) -> Path:
        if scene.words not in self._made:
            made = self._folder / f"m{len(self._made)}"
            shutil.copytree(self._master, made / "tree", symlinks=True)
            scene.prepare(Roles(made / "tree", Tool(), lambda _who: self._home))
            self._made[scene.words] = made
        return self._made[scene.words]
