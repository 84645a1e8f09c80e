"""Every parser answers any input with its own errors alone, and takes as many steps as the input is long."""

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from fuzz.target import FOUND, Target
from fuzz.targets import TARGETS

FORMATS = Path(__file__).resolve().parents[2] / "eyamlgpg" / "formats"
MANY = 12
"""Damaged copies of each seed."""
LONGEST = 8_000
"""Of a seed that is damaged, in bytes."""


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """One of a seed's near relations: bytes changed, cut out, doubled, or a piece of it somewhere else."""
    octets = bytearray(seed[:LONGEST])
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randint(0, len(octets)), chance.randint(0, 40)
        match chance.randint(0, 4):
            case 0:
                octets[place : place + 1] = chance.randbytes(1)
            case 1:
                del octets[place : place + length]
            case 2:
                octets[place:place] = octets[place : place + length] * chance.randint(1, 3)
            case 3:
                octets[place:place] = chance.choice([b"\n", b"\r", b"\0", b"'", b"\xff", b"ENC[", b"]", b": ", b"#"])
            case _:
                other = chance.randint(0, len(octets))
                octets[place:place] = octets[other : other + length]
    return bytes(octets)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_no_error_but_its_own(target: Target) -> None:
    chance = random.Random(target.name)  # noqa: S311 - the same inputs in every run
    for seed in target.inputs():
        target.hold(seed)
        for _ in range(MANY):
            target.hold(damaged(seed, chance))


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_a_seed_is_understood(target: Target) -> None:
    """Else a fuzzer would only ever see how the parser refuses."""

    def is_understood(seed: bytes) -> bool:
        try:
            target.run(seed)
        except target.allowed:
            return False
        return True

    assert any(map(is_understood, target.seeds()))


def test_what_was_found_belongs_to_a_target() -> None:
    assert {folder.name for folder in FOUND.glob("*/")} <= set(TARGETS)


class Watch:
    """Which modules of `formats` run, and how many lines of them."""

    def __init__(self) -> None:
        self.modules: set[str] = set()
        self.steps = 0

    def __call__(self, frame: FrameType, _event: str, _argument: Any) -> "Callable[..., Any] | None":
        name = frame.f_code.co_filename
        if not name.startswith(str(FORMATS)) or frame.f_code.co_name == "<module>":
            return None
        self.modules.add(Path(name).relative_to(FORMATS).as_posix())
        return self._line

    def _line(self, _frame: FrameType, event: str, _argument: Any) -> "Callable[..., Any]":
        self.steps += event == "line"
        return self._line

    def hold(self, target: Target, octets: bytes) -> int:
        """The lines that one input takes."""
        before, others = self.steps, sys.gettrace()
        sys.settrace(self)
        try:
            target.hold(octets)
        finally:
            sys.settrace(others)
        return self.steps - before


NOT_PARSERS = {"gnupg/key_parameters.py", "yaml/key_path.py"}
"""What only writes, or is held by its own tests alone."""


def test_every_room_of_formats_is_reached() -> None:
    watch = Watch()
    for target in TARGETS.values():
        for seed in target.inputs():
            watch.hold(target, seed[:LONGEST])
    rooms = {path.relative_to(FORMATS).as_posix() for path in FORMATS.rglob("*.py") if path.name != "__init__.py"}
    assert rooms - watch.modules - NOT_PARSERS == set()


def long_inputs(target: Target) -> Iterator[tuple[bytes, bytes]]:
    """Pairs, the second twice as long: a seed many times, and one byte many times."""
    seeds = sorted((seed for seed in target.inputs() if 0 < len(seed) < 400), key=len)
    for piece in [*seeds[:6], b"- ", b"a: ", b"[", b"ENC[", b"#\n", b"\xc1\x00", b'"', b"\n", b" "]:
        times = max(4, 1_500 // len(piece))
        yield piece * times, piece * times * 2


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_twice_the_input_is_twice_the_work(target: Target) -> None:
    watch = Watch()
    for once, twice in long_inputs(target):
        first, second = watch.hold(target, once), watch.hold(target, twice)
        assert second <= 2.5 * first + 500, f"{once[:40]!r}: {first} lines, then {second}"
