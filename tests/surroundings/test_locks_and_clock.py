"""A file system without locks, and a clock that jumps."""

from pathlib import Path

import pytest

from tests.faults.injecting import why_not
from tests.faults.scenes import Scene
from tests.surroundings.commands import EVERY, crossed, named
from tests.surroundings.stage import Situation, Stage

STRACE = 'set -- strace -qq -o /dev/null -e trace=flock -e inject=flock:error={} "$@"'
LOCKS = tuple(Situation(f"flock: {error}", before=STRACE.format(error)) for error in ("ENOLCK", "ENOSYS", "EBADF"))
WRITERS = named("set", "encrypt", "recrypt", "recipients add", "offboard", "keys export", "git merge")
"""`edit` is left out: a test beside this one would take its scratch folder, not locked then, for a dead one's."""

FAKETIME = next(map(str, Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), "")
CLOCKS = tuple(
    Situation(name, environ={"LD_PRELOAD": FAKETIME, "FAKETIME": told})
    for name, told in {
        "before any key was made": "@2001-01-01 00:00:00",
        "an hour ago": "-1h",
        "in 2040": "@2040-01-01 00:00:00",
        "after 32 bits": "@2110-01-01 00:00:00",
        "a day a second": "+0 x86400",
    }.items()
)


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
@crossed(LOCKS, WRITERS)
def test_where_nothing_can_be_locked_all_is_done_all_the_same(stage: Stage, situation: Situation, scene: Scene) -> None:
    place = stage.place(scene)
    ran = place.run(situation)
    assert ran.status == 0, ran
    assert not list(place.wrong(ran)), ran


@pytest.mark.skipif(not FAKETIME, reason="libfaketime is not installed")
@crossed(CLOCKS, EVERY)
def test_whatever_the_clock_says_nothing_is_lost(stage: Stage, situation: Situation, scene: Scene) -> None:
    place = stage.place(scene, own_home=True)
    ran = place.run(situation)
    stage.let_go(place)
    assert not list(place.wrong(ran)), ran


@pytest.mark.skipif(not FAKETIME, reason="libfaketime is not installed")
def test_a_key_of_the_future_is_named_with_the_clock(stage: Stage) -> None:
    [scene] = named("set a")
    place = stage.place(scene, own_home=True)
    ran = place.run(CLOCKS[0])
    stage.let_go(place)
    assert ran.status == 3
    assert b"was made in the future, on 2023-01-01: check the clock" in ran.err
