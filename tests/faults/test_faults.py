"""No fault at a system call costs data: files are old or new, values open, nothing is in clear, the next run works."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.injecting import FAULTS, Fault, runner, why_not
from tests.faults.scenes import SCENES, Scene
from tests.faults.stage import Ended, staged, told

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]


def _kind(fault: Fault, *, was_hit: bool) -> str:
    if fault.name in ("killed", "interrupted"):
        return fault.name
    return "failed" if was_hit else "missed"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("scene", SCENES, ids=[scene.line for scene in SCENES])
def test_no_fault_costs_data(
    scene: Scene, fault: Fault, tmp_path: Path, home: Callable[[str], Path], record_property: Callable[..., None]
) -> None:
    with staged(scene, tmp_path, home) as stage, runner(tmp_path) as traced:
        with stage.set_up() as (tree, where):
            ran = traced.run(where, scene.words, scene.stdin)
            assert ran.status in ((0, 1) if scene.finds else (0,)), ran.err.decode()
            assert scene.is_done(tree)
        if not (calls := fault.calls(ran.calls)):
            pytest.skip("our process changes no file here: gpg does")
        missed = 0
        for call in calls:
            with stage.set_up() as (tree, where):
                ended = traced.at(call, fault, where, scene.words, scene.stdin)
                missed += not ended.was_hit
                kind = _kind(fault, was_hit=ended.was_hit)
                stage.hold(tree, where, Ended(f"{fault.name} at {call.shown[:160]}", ended.status, ended.err, kind))
    record_property("faults", stage.runs - missed)
    record_property("lost", len(stage.lost))
    assert stage.runs > missed
    assert not stage.lost, told(stage)
