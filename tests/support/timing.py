"""How long something takes, on a machine that others use too."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object], *, times: int = 1) -> float:
    """Processor seconds of doing it so many times, the best of three tries."""
    tries = []
    for _ in range(3):
        start = time.process_time()
        for _ in range(times):
            work()
        tries.append(time.process_time() - start)
    return min(tries)
