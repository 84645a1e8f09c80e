"""A scene's tree, copied for each fault, and what must hold after the fault and after the same command once more."""

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.injecting import Where
from tests.faults.scenes import Scene
from tests.faults.trees import PLAIN, secrets
from tests.support import keyrings
from tests.support.roles import Roles, repository
from tests.support.tool import Tool

EDITOR = '#!/bin/sh\nprintf "\\nadded: 1\\n" >> "$1"\n'
LEFT = re.compile(r"\..+\.(?:[0-9a-f]{12}|[0-9]+\.(?:new|old|copy))|.+\.lock")
"""Names of our own temporaries, and of git's locks."""

NAMED = re.compile(r"interrupted\b[^:\n]*: eyamlgpg (.+)$", re.MULTILINE)
"""The command that ends what an earlier run began, as an error names it."""

KILLED = (-9, 137)
INTERRUPTED = 130
FAILED = (0, 3, 4)
"""Statuses of a run at which a call fails: 0 only where all was done all the same."""


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    fault: str
    """What happened to it, and where."""
    status: int
    err: bytes
    kind: str = "failed"
    """Or `killed`, or `interrupted`, or `missed`: it failed at a call that does not concern the user's files."""


@dataclass
class Stage:
    """Where a scene is played: as often as wanted, each time from the beginning."""

    scene: Scene
    folder: Path
    home: Callable[[str], Path]
    copies: keyrings.Homes
    scratch: Path
    """For plaintext, in memory."""
    runs: int = 0
    set_ups: int = 0
    lost: list[str] = field(default_factory=list)
    before: str = ""
    """What was there when the last run began."""

    def __post_init__(self) -> None:
        self.place = self.copies.folder / "place"  # short, for an agent's sockets
        self.place.mkdir()
        self.master = self.folder / "master"
        (self.master / "tree").mkdir(parents=True)
        (self.master / "home").mkdir()
        self.scene.prepare(repository(self.master / "tree", Tool(), self.home))
        self.homes = self.copies.folder / "runs"
        self.homes.mkdir()
        self.own_home = self.home("alice")
        if self.scene.changes_home:
            self.own_home = keyrings.copy(self.own_home, self.copies.folder / "master")
            if self.scene.unknown_key:
                keyrings.gpg(self.own_home, "--delete-keys", self.scene.unknown_key)
        self.editor = self.folder / "editor"
        self.editor.write_text(EDITOR)
        self.editor.chmod(0o755)

    @contextmanager
    def set_up(self) -> Iterator[tuple[Roles, Where]]:
        """The tree, and somebody who works in it."""
        empty(self.place)
        empty(self.scratch)
        shutil.copytree(self.master, self.place, symlinks=True, dirs_exist_ok=True)
        self.set_ups += 1
        home, users = self.own_home, [self.place, self.scratch]
        if self.scene.changes_home:
            home = keyrings.copy(home, self.homes / f"h{self.set_ups}")
            users.append(home)
        patch = self._settle(home)
        tree = Roles(self.place / "tree", Tool(), lambda who: home if who == "alice" else self.home(who))
        self.before = state(*users)
        try:
            yield tree, Where(tree.root, self._environ(home), users)
        finally:
            if self.scene.changes_home:
                keyrings.stop(home)
                keyrings.remove(home)
            patch.undo()

    def hold(self, tree: Roles, where: Where, ended: Ended) -> None:
        """What must be true, now and after the same command once more; what is not goes to `lost`."""
        self.runs += 1
        wrong = list(self._wrong(tree, ended))
        is_as_before = not self.scene.changes_home and state(*where.users) == self.before
        if not is_as_before:
            wrong += self._wrong_values(tree)
        elif ended.status == 0:
            wrong.append(f"status 0, and nothing was done: {ended.err.decode()}")
        if not is_as_before and self.scene.runs_again:
            wrong += self._wrong_again(tree)
        if wrong:
            self.lost.append(f"{ended.fault}: status {ended.status}: {'; '.join(wrong)}")

    def _wrong(self, tree: Roles, ended: Ended) -> Iterator[str]:
        failed = (*FAILED, *self.good)
        allowed = {"killed": (*KILLED, *failed), "interrupted": (INTERRUPTED, *self.good)}
        if ended.status not in allowed.get(ended.kind, failed):
            yield f"the status, with {ended.err.decode()}"
        if b"Traceback" in ended.err:
            yield f"a traceback: {ended.err.decode()}"
        if ended.kind == "failed" and ended.status and not ended.err.strip():
            yield "not a word"
        if ended.kind == "failed" and b"eyamlgpg: input or output: " in ended.err:
            yield f"words that name nothing: {ended.err.decode()}"
        yield from (f"locked: {folder}" for folder in _locked(tree.root))

    def _wrong_again(self, tree: Roles) -> Iterator[str]:
        """The same command ends what was begun, or names the one that does."""
        was_done = self.scene.is_done(tree)
        again = tree(*self.scene.words, stdin=self.scene.stdin)
        named = NAMED.search(again.err)
        if again.status == 3 and named and not was_done:
            again = tree(*shlex.split(named[1]))
        if not (was_done or again.status in self.good) or not self.scene.is_done(tree):
            yield f"the next run: status {again.status}: {again.err}"
        # Where there is nothing left to write, nobody looks for what stands beside it.
        if not was_done:
            yield from (f"left behind: {path}" for path in self._left() if again.status == 0)
        yield from (f"in clear: {path}" for path in in_clear(self.scratch, ""))

    def _left(self) -> list[Path]:
        """Temporaries, but for a second name of a file that was put in its place: nobody writes that one again."""
        found = [path for path in self.place.rglob("*") if LEFT.fullmatch(path.name) and path.is_file()]
        return [path for path in found if path.stat().st_nlink == 1]

    def _wrong_values(self, tree: Roles) -> Iterator[str]:
        opened = secrets(tree)
        if not opened or not set(opened) <= set(PLAIN):
            yield f"values are lost: {opened}"
        if not self.scene.is_whole(tree):
            yield "it is not whole"
        yield from (f"in clear: {path}" for path in in_clear(self.place, self.scene.in_clear))

    @property
    def good(self) -> tuple[int, ...]:
        """Statuses of a run that did all."""
        return (0, 1) if self.scene.finds else (0,)

    def _settle(self, home: Path) -> pytest.MonkeyPatch:
        """The environment of what is run in this process."""
        patch = pytest.MonkeyPatch()
        for name, value in self._environ(home).items():
            patch.setenv(name, value)
        return patch

    def _environ(self, home: Path) -> dict[str, str]:
        own = {"HOME": str(self.place / "home"), "EDITOR": str(self.editor), "XDG_RUNTIME_DIR": str(self.scratch)}
        environ = {**os.environ, **own, "GNUPGHOME": str(home)}
        return {name: value for name, value in environ.items() if name != "PYTEST_CURRENT_TEST"}


@contextmanager
def staged(scene: Scene, folder: Path, home: Callable[[str], Path]) -> Iterator[Stage]:
    """A stage, and a folder in memory for its plaintext."""
    copies = keyrings.Homes()
    memory = Path("/dev/shm")
    scratch = Path(tempfile.mkdtemp(prefix="eg", dir=memory if memory.is_dir() else None))
    try:
        yield Stage(scene, folder, home, copies, scratch)
    finally:
        copies.close()
        shutil.rmtree(scratch)


def empty(folder: Path) -> None:
    """Without what is in it; it may be a mount."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            keyrings.remove(path)
        else:
            path.unlink()


def state(*folders: Path) -> str:
    """Everything that is in folders, as one number: names, modes, contents. The index of git is a cache of these."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            mode = path.lstat().st_mode
            digest.update(f"{path}\0{mode}\0".encode())
            if stat.S_ISLNK(mode):
                digest.update(os.fsencode(path.readlink()))
            elif stat.S_ISREG(mode) and path.name != "index":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def in_clear(folder: Path, before: str) -> list[Path]:
    """The files that hold a secret, but for the one that held it before."""
    return [
        path
        for path in folder.rglob("*")
        if path.name != before
        and ".git" not in path.parts
        and path.is_file()
        and any(plain in path.read_bytes() for plain in PLAIN)
    ]


def _locked(folder: Path) -> Iterator[Path]:
    """Folders whose lock somebody still holds."""
    for place in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield place
        finally:
            os.close(descriptor)


def told(stage: Stage) -> str:
    """What a failed test says."""
    return "\n".join([f"{len(stage.lost)} of {stage.runs} faults:", *stage.lost])
