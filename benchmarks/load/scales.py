"""Axes of powers: where a number stands on one, what is written beside it, and labels that keep their distance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` at the place `start` to `high` at the place `end`; equal ratios are equal distances."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        return self.start + (self.end - self.start) * math.log(value / self.low) / math.log(self.high / self.low)


def ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten, from one at or below `low` to one at or above `high`; two at least."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 2)
    numbers = [step * 10.0**power for power in powers for step in STEPS]
    first = max(at for at, number in enumerate(numbers) if number <= low * (1 + 1e-9))
    last = min(at for at, number in enumerate(numbers) if number >= high * (1 - 1e-9))
    return numbers[first : max(last, first + 1) + 1]


def apart(wanted: Sequence[float], gap: float, end: float) -> list[float]:
    """Places near the wanted ones, in the same order, at least `gap` from each other and none beyond `end`."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    places = [0.0] * len(wanted)
    before = -math.inf
    for index in order:
        before = places[index] = max(wanted[index], before + gap)
    limit = end
    for index in reversed(order):
        places[index] = min(places[index], limit)
        limit = places[index] - gap
    return places
