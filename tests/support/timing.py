"""How long something takes, on a machine that others use too."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def seconds(work: Callable[[], object], *, times: int = 1) -> float:
    """Processor seconds of doing it so many times, the best of three tries."""
    tries = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            work()
        tries.append(time.process_time() - start)
    return min(tries)


def growth(work: Callable[[T], object], small: T, large: T) -> float:
    """How many times as long the large one takes as the small one, in processor seconds.

    With a large one of twice the size, 2 is linear and 4 the square.
    """
    return seconds(lambda: work(large)) / seconds(lambda: work(small))
