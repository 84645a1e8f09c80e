"""Full disks and read-only folders: real ones, on which gpg and git fail as well as we do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.faults.disks import Disk, disk, read_only, why_not
from tests.faults.injecting import Where
from tests.faults.scenes import SCENES, Scene
from tests.faults.stage import Ended, Stage, staged, told
from tests.faults.test_kills import started
from tests.support.roles import Roles

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
every_scene = pytest.mark.parametrize("scene", SCENES, ids=[scene.line for scene in SCENES])

PAGES = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256)
FILES = (0, 1, 2, 3, 4, 6, 8, 12, 16, 32)


@pytest.fixture(scope="module", autouse=True)
def mounts(tmp_path_factory: pytest.TempPathFactory) -> None:
    if reason := why_not(tmp_path_factory.mktemp("mount")):
        pytest.skip(reason)


@contextmanager
def on_disks(scene: Scene, folder: Path, home: Callable[[str], Path]) -> Iterator[tuple[Stage, list[Disk]]]:
    """A stage on a disk of its own, with the GnuPG home on another one where it is changed."""
    with staged(scene, folder, home) as stage, ExitStack() as mounted:
        disks = [mounted.enter_context(disk(stage.place))]
        if scene.changes_home:
            disks.append(mounted.enter_context(disk(stage.homes)))
        yield stage, disks


def _run(where: Where, scene: Scene, fault: str) -> Ended:
    with started(where, scene) as run:
        _, err = run.communicate(scene.stdin, timeout=120)
    return Ended(fault, run.returncode, err)


def _is_done(stage: Stage, tree: Roles, ended: Ended) -> bool:
    return ended.status in stage.good and stage.scene.is_done(tree)


@every_scene
@pytest.mark.parametrize("what", ["pages", "files"])
def test_a_full_disk_costs_no_data(
    scene: Scene, what: str, tmp_path: Path, home: Callable[[str], Path], record_property: Callable[..., None]
) -> None:
    """With room for nothing, for one page or file, for two and so on, until there is enough."""
    with on_disks(scene, tmp_path, home) as (stage, disks):
        for room in PAGES if what == "pages" else FILES:
            with stage.set_up() as (tree, where):
                for one in disks:
                    one.leave_pages(room) if what == "pages" else one.leave_inodes(room)
                ended = _run(where, scene, f"room for {room} {what}")
                for one in disks:
                    one.free()
                is_enough = _is_done(stage, tree, ended)
                if not is_enough:
                    stage.hold(tree, where, ended)
            if is_enough:
                break
        else:
            stage.lost.append("there was never enough room")
    record_property("faults", stage.runs)
    record_property("lost", len(stage.lost))
    assert not stage.lost, told(stage)


@every_scene
def test_a_read_only_folder_costs_no_data(
    scene: Scene, tmp_path: Path, home: Callable[[str], Path], record_property: Callable[..., None]
) -> None:
    """The whole tree, one of its folders, the user's HOME or the GnuPG home: a run fails, or had no need of it."""
    with on_disks(scene, tmp_path, home) as (stage, _):
        for name in ("place", "tree", "tree/.git", "tree/.eyamlgpg", "home", "gnupg"):
            with stage.set_up() as (tree, where):
                folder = {"place": stage.place, "gnupg": stage.homes}.get(name, stage.place / name)
                if name == "gnupg" and not scene.changes_home:
                    continue
                with read_only(folder):
                    ended = _run(where, scene, f"read-only: {name}")
                stage.hold(tree, where, ended)
    record_property("faults", stage.runs)
    record_property("lost", len(stage.lost))
    assert not stage.lost, told(stage)
