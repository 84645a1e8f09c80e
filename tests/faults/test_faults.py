"""No fault at a system call costs data: files are old or new, values open, nothing is in clear, the next run works."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.injecting import FAULTS, Call, Fault, Runner, Traced, why_not
from tests.faults.scenes import PLAIN, SCENES, Scene, secrets
from tests.support import keyrings
from tests.support.roles import Roles, repository
from tests.support.tool import Tool

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]
MAY_FAIL = {0, 1, 3, 4}
"""Statuses of a run at which a call fails: 0 only where all was done all the same."""
EDITOR = '#!/bin/sh\nprintf "\\nadded: 1\\n" >> "$1"\n'


@dataclass
class Stage:
    """A scene's tree as it is before, copied for each fault."""

    scene: Scene
    folder: Path
    homes: keyrings.Homes
    home: Callable[[str], Path]
    lost: list[str] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.master = self.folder / "master"
        (self.master / "tree").mkdir(parents=True)
        tree = repository(self.master / "tree", Tool(), self.home)
        self.scene.prepare(tree)
        (self.folder / "editor").write_text(EDITOR)
        (self.folder / "editor").chmod(0o755)

    def try_all(self, fault: Fault) -> None:
        """The fault at each call that touches the user's files."""
        with self.set_up() as (tree, runner):
            ran = runner.run(self.scene.words, self.scene.stdin)
            assert ran.status == 0, ran.err.decode()
            assert self.scene.is_done(tree)
        for call in ran.calls:
            if call.changes or not fault.only_changes:
                with self.set_up() as (tree, runner):
                    self.runs += 1
                    self.hold(tree, call, fault, runner.at(call, fault, self.scene.words, self.scene.stdin))

    def set_up(self) -> "_SetUp":
        """The tree and somebody who works in it, fresh."""
        return _SetUp(self)

    def hold(self, tree: Roles, call: Call, fault: Fault, ran: Traced) -> None:
        """What must be true after the fault, and after the same command once more."""
        wrong = list(self._wrong(tree, fault, ran))
        if not self.scene.is_whole(tree):
            wrong.append("it is not whole")
        again = tree(*self.scene.words, stdin=self.scene.stdin) if self.scene.runs_again else None
        if again is not None and (again.status or not self.scene.is_done(tree)):
            wrong.append(f"the next run: status {again.status}: {again.err}")
        left = [path.name for path in tree.root.rglob(".*.*") if path.suffix and ".git/" not in str(path)]
        if left:
            wrong.append(f"left behind: {left}")
        if wrong:
            self.lost.append(f"{fault.name} at {call.shown[:160]}: status {ran.status}: {'; '.join(wrong)}")

    def _wrong(self, tree: Roles, fault: Fault, ran: Traced) -> Iterator[str]:
        if fault.is_end:
            if ran.status not in (-9, 137, 0, *MAY_FAIL):
                yield f"status {ran.status}"
        elif fault.name == "interrupted":
            if ran.status not in (130, 0):
                yield f"status {ran.status}: {ran.err.decode()}"
        elif ran.status not in MAY_FAIL:
            yield f"status {ran.status}: {ran.err.decode()}"
        if ran.status == 0 and not self.scene.is_done(tree):
            yield f"status 0, and it is not done: {ran.err.decode()}"
        if b"Traceback" in ran.err:
            yield f"a traceback: {ran.err.decode()}"
        opened = secrets(tree)
        if not opened or not set(opened) <= set(PLAIN):
            yield f"values are lost: {opened}"
        yield from (f"in clear: {path}" for path in _in_clear(tree.root, self.scene))


def _in_clear(folder: Path, scene: Scene) -> Iterator[Path]:
    for path in folder.rglob("*"):
        is_before = path.name == "m.eyaml" and scene.words[0] == "encrypt"
        if is_before or not path.is_file() or ".git" in path.parts:
            continue
        if any(plain in path.read_bytes() for plain in PLAIN):
            yield path


class _SetUp:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.place = stage.folder / "place"

    def __enter__(self) -> tuple[Roles, Runner]:
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(self.stage.master, self.place, symlinks=True)
        home = self.stage.home("alice")
        if self.stage.scene.changes_home:
            home = keyrings.copy(home, self.stage.homes.folder / f"h{self.stage.runs}")
        own = self.place / "home"
        own.mkdir()
        environ = {**os.environ, "GNUPGHOME": str(home), "HOME": str(own), "EDITOR": str(self.stage.folder / "editor")}
        environ.pop("PYTEST_CURRENT_TEST", None)
        os.environ["EDITOR"] = environ["EDITOR"]
        tree = Roles(self.place / "tree", Tool(), lambda who: home if who == "alice" else self.stage.home(who))
        return tree, Runner(tree.root, (self.place,), environ, self.stage.folder / "strace.log")

    def __exit__(self, *_error: object) -> None:
        if self.stage.scene.changes_home:
            keyrings.stop(self.stage.homes.folder / f"h{self.stage.runs}")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_no_fault_costs_data(
    scene: Scene, fault: Fault, tmp_path: Path, home: Callable[[str], Path], record_property: Callable[..., None]
) -> None:
    homes = keyrings.Homes()
    try:
        stage = Stage(scene, tmp_path, homes, home)
        stage.try_all(fault)
    finally:
        homes.close()
    record_property("faults", stage.runs)
    assert stage.runs
    assert not stage.lost, _told(stage.lost)


def _told(lost: Sequence[str]) -> str:
    return "\n".join([f"{len(lost)} faults:", *lost])
