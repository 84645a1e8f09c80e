"""SIGKILL at random times: of our process, of all that it started, or of one of these alone.

Injection at system calls reaches our process only; here gpg and git are in the midst of their work, too. A failed test
tells its seed: EYAMLGPG_FAULTS_SEED repeats it, EYAMLGPG_FAULTS_ROUNDS says how often each scene is played.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.injecting import Where
from tests.faults.scenes import SCENES, Scene
from tests.faults.stage import Ended, staged, told

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

ROUNDS = int(os.environ.get("EYAMLGPG_FAULTS_ROUNDS", "9"))
SEED = int(os.environ.get("EYAMLGPG_FAULTS_SEED") or random.SystemRandom().randrange(10**6))
HOWS = ("our process", "our process and what it started", "a program that it started")
MEASURED = 2
"""Runs to the end, by which the time of a run is known."""


@pytest.mark.parametrize("scene", SCENES, ids=[scene.line for scene in SCENES])
def test_no_kill_costs_data(
    scene: Scene, tmp_path: Path, home: Callable[[str], Path], record_property: Callable[..., None]
) -> None:
    chosen = random.Random(f"{SEED} {scene.line}")  # noqa: S311 - not for secrets
    record_property("seed", SEED)
    with staged(scene, tmp_path, home) as stage:
        times = []
        for _ in range(MEASURED):
            with stage.set_up() as (tree, where):
                begun = time.monotonic()
                with started(where, scene) as run:
                    run.communicate(scene.stdin)
                times.append(time.monotonic() - begun)
                assert run.returncode in ((0, 1) if scene.finds else (0,))
                assert scene.is_done(tree)
        hits = 0
        for number in range(ROUNDS):
            how, after = HOWS[number % len(HOWS)], chosen.uniform(0.1, 1) * min(times)
            with stage.set_up() as (tree, where):
                ended = killed(how, after, where, scene)
                hits += ended is not None
                if ended is not None:
                    stage.hold(tree, where, ended)
    record_property("faults", hits)
    record_property("lost", len(stage.lost))
    assert not stage.lost, f"EYAMLGPG_FAULTS_SEED={SEED}: {told(stage)}"


def started(where: Where, scene: Scene) -> "subprocess.Popen[bytes]":
    """The command line, at the head of a group of processes."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "eyamlgpg", *scene.words],
        cwd=where.folder,
        env=where.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def killed(how: str, after: float, where: Where, scene: Scene) -> Ended | None:
    """How the run ended; None where it was done before it could be killed."""
    with started(where, scene) as run:
        assert run.stdin is not None
        with suppress(BrokenPipeError):
            run.stdin.write(scene.stdin)
            run.stdin.close()
        run.stdin = None
        with suppress(subprocess.TimeoutExpired):
            run.wait(after)
        kind = "killed"
        if how == HOWS[2]:
            kind, hit = "failed", _kill_a_child(run)
        else:
            hit = run.poll() is None
            if hit:
                (os.kill if how == HOWS[0] else os.killpg)(run.pid, signal.SIGKILL)
        _, err = run.communicate(timeout=120)
    return Ended(f"{how} killed after {after:.3f} s", run.returncode, err, kind) if hit else None


def _kill_a_child(run: "subprocess.Popen[bytes]") -> bool:
    """Kill the next program that it has started and not yet awaited; False where there is none until it ends."""
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    while run.poll() is None:
        with suppress(OSError):
            for child in map(int, children.read_text().split()):
                os.kill(child, signal.SIGKILL)
                return True
    return False
