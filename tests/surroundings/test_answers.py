"""gpg and git that answer garbage, nothing or a part, hang, or are killed: it is no answer, and nothing is lost."""

import signal
import time

import pytest

from tests.faults.scenes import Scene
from tests.support.roles import SECRET
from tests.surroundings.commands import EVERY, named
from tests.surroundings.stage import Ran, Stage
from tests.surroundings.wrapped import ANSWERS, answering, was_met

CALLS = {
    "--decrypt": named("edit", "recrypt", "get", "decrypt"),
    "--list-keys": named("set a", "encrypt -i -e", "recipients add", "offboard", "who", "check"),
    "--export": named("set a", "recrypt", "keys export"),
    "--import": named("onboard", "keys import"),
    "--check-sigs": named("onboard"),
    "--*sign-key": named("onboard"),
    "--list-secret-keys": named("recrypt", "get", "git textconv"),
    "--version": named("set a", "keys import"),
    "--list-config": named("keys import"),
}
"""Calls of gpg, and commands that make them."""

ROWS = [(call, answer, scene) for call, scenes in CALLS.items() for scene in scenes for answer in ANSWERS]
GIT = ("rev-parse", "ls-files", "config", "check-attr", "merge-file", "diff", "check-ignore", "cat-file")


@pytest.mark.parametrize(
    ("call", "answer", "scene"),
    [
        pytest.param(*row, id=f"{row[0]}-{row[1]}-{row[2].name}", marks=() if place % 61 == 0 else pytest.mark.faults)
        for place, row in enumerate(ROWS)
    ],
)
def test_what_is_no_answer_of_gpg_is_not_believed(stage: Stage, call: str, answer: str, scene: Scene) -> None:
    place = stage.place(scene)
    ran = place.run(answering(place, "gpg", call, ANSWERS[answer]))
    assert not list(place.wrong(ran)), ran
    assert len(ran.err) < 4000
    if scene.words[0] in {"get", "decrypt"} and ran.status == 0:
        assert SECRET in ran.out


@pytest.mark.parametrize(
    "call", [pytest.param(call, marks=() if call == "merge-file" else pytest.mark.faults) for call in GIT]
)
@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(scene, id=scene.name, marks=() if scene.name == "git merge-values" else pytest.mark.faults)
        for scene in EVERY
    ],
)
def test_a_git_that_is_killed_is_told_and_its_silence_not_believed(stage: Stage, scene: Scene, call: str) -> None:
    place = stage.place(scene)
    ran = place.run(answering(place, "git", call, ANSWERS["its end by a signal"]))
    assert not list(place.wrong(ran)), ran
    if was_met(place) and ran.status:
        assert b"git" in ran.err


HANGING = (
    ("--version", named("set a", "keys import")),
    ("--list-keys", named("set a", "edit", "check", "recrypt")),
    ("--decrypt", (*named("edit", "get"), named("recrypt")[0])),
    ("--export", named("set a", "recipients add")),
    ("--import", named("keys import", "onboard")),
    ("--*sign-key", named("onboard")),
)


@pytest.mark.parametrize(
    ("call", "scene"),
    [
        pytest.param(
            call, scene, id=f"{call}-{scene.name}", marks=() if number == 0 and "-keys" in call else pytest.mark.faults
        )
        for call, scenes in HANGING
        for number, scene in enumerate(scenes)
    ],
)
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.faults)])
def test_a_gpg_that_hangs_can_be_left_at_once(stage: Stage, call: str, scene: Scene, number: signal.Signals) -> None:
    """The wrapper's own child keeps its pipes open; nobody waits for that one."""
    place = stage.place(scene)
    situation = answering(place, "gpg", call, "sleep 8")
    with place.start(situation) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(scene.stdin)
        process.stdin.close()
        process.stdin = None
        while not was_met(place):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        begun = time.monotonic()
        process.send_signal(number)
        assert process.wait(6) == 130
        took = time.monotonic() - begun
    assert took < 4
    assert not list(place.wrong(Ran(130, b"", b"", took)))
