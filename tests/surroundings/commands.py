"""Which command meets which situation: each of them with one in every run of the tests, all with all under `faults`."""

from collections.abc import Sequence

import pytest

from tests.faults.scenes import SCENES, Scene
from tests.surroundings.stage import Situation

READERS = tuple(
    Scene(line, lambda _tree: True)
    for line in (
        "get a.eyaml a::secret",
        "decrypt -f a.eyaml",
        "check",
        "who",
        "audit",
        "recrypt --check",
        "recipients list",
        "git textconv a.eyaml",
    )
)
_CHANGING = (
    *("set a.eyaml", "set n.eyaml", "encrypt -i -e", "edit", "recrypt", "recipients add", "recipients remove"),
    *("recipients sync", "onboard", "offboard", "keys import", "keys export", "hook install", "git install"),
    *("git merge-values", "encrypt -i m.eyaml"),
)
CHANGING = tuple(next(scene for scene in SCENES if scene.line.startswith(begins)) for begins in _CHANGING)
"""One for each way of changing files."""
EVERY = (*CHANGING, *READERS)


def named(*names: str) -> tuple[Scene, ...]:
    """The scenes of these names, each the first words of a command line."""
    found = [scene for scene in EVERY if " ".join(scene.words).startswith(names)]
    assert len({name for name in names for scene in found if " ".join(scene.words).startswith(name)}) == len(names)
    return tuple(found)


def crossed(situations: Sequence[Situation], scenes: Sequence[Scene]) -> pytest.MarkDecorator:
    """Each situation with each scene; those that are not the situation's turn only under `faults`."""
    return pytest.mark.parametrize(
        ("situation", "scene"),
        [
            pytest.param(
                situation,
                scene,
                id=f"{situation.name}-{scene.name}",
                marks=() if place == number * 5 % len(scenes) else pytest.mark.faults,
            )
            for number, situation in enumerate(situations)
            for place, scene in enumerate(scenes)
        ],
    )
