"""Standard streams that are closed or full, for commands that change files: none is half done, each ends by the table.

`tests/cli/test_broken_streams.py` has what is said, and the commands that only read.
"""

import pytest

from tests.faults.scenes import Scene
from tests.surroundings.commands import CHANGING, EVERY, crossed
from tests.surroundings.stage import Situation, Stage

SITUATIONS = (
    Situation("stdin closed", behind="<&-"),
    Situation("stdout closed", behind=">&-"),
    Situation("stdout full", behind=">/dev/full"),
    Situation("stderr closed", behind="2>&-"),
    Situation("stderr full", behind="2>/dev/full"),
    Situation("all closed", behind="<&- >&- 2>&-"),
    Situation("nobody reads stdout", before="mkfifo ../pipe; exec 3<>../pipe 4>../pipe 3>&-", behind=">&4 4>&-"),
)


@crossed(SITUATIONS, CHANGING)
def test_a_stream_that_is_not_there_costs_nothing(stage: Stage, situation: Situation, scene: Scene) -> None:
    place = stage.place(scene)
    ran = place.run(situation)
    assert not list(place.wrong(ran)), ran


@pytest.mark.parametrize("scene", EVERY, ids=[scene.name for scene in EVERY])
@pytest.mark.faults
def test_an_answer_that_nobody_got_is_no_success(stage: Stage, scene: Scene) -> None:
    place = stage.place(scene)
    answered = bool(place.run(Situation("plain")).out)
    fresh = stage.place(scene)
    ran = fresh.run(Situation("stdout full", behind=">/dev/full"))
    assert (ran.status == 0) is not answered, ran
    assert not list(fresh.wrong(ran)), ran
