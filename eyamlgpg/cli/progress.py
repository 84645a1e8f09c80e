"""Whether a progress bar is shown, and where."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from eyamlgpg.cli.world import World

WORTH_A_BAR = 20
"""Fewer values are done before a bar could be read."""


@contextmanager
def progress_bar(world: World, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Inside, a function that shows how many are done: on a terminal that may have one, else it does nothing."""
    stream = sys.stderr
    is_wanted = total >= WORTH_A_BAR and not world.messages.quiet and not world.environ.get("NO_COLOR")
    if not is_wanted or stream is None or not stream.isatty() or world.environ.get("TERM") == "dumb":
        yield lambda _done: None
        return
    from eyamlgpg.render.progress import ProgressBar

    with ProgressBar(what, total, stream) as bar:
        yield bar.show
