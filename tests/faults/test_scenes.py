"""Every command that changes files has a scene, so that a new one cannot come without its faults."""

from tests.faults.scenes import SCENES, UNCHANGING, command_of
from tests.hunt.test_every_command import leaves


def test_every_command_that_changes_files_has_a_scene() -> None:
    """A new command stands here until it has a scene, or a reason for none in UNCHANGING."""
    assert {command_of(scene) for scene in SCENES} == (leaves() | {"demo"}) - set(UNCHANGING)


def test_no_command_is_declared_unchanging_and_has_a_scene() -> None:
    assert not {command_of(scene) for scene in SCENES} & set(UNCHANGING)


def test_scenes_have_names_of_their_own() -> None:
    assert len({scene.line for scene in SCENES}) == len(SCENES)
