"""A progress bar for a terminal: how many, how fast, how long still."""

import time
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

INTERVAL_SECONDS = 0.1
"""How often it is drawn anew. By us, not by a thread of rich's: signals and pipes stay simple."""


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Values a second."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class ProgressBar:
    """A bar on a stream, gone when the block is left."""

    def __init__(self, what: str, total: int, stream: TextIO) -> None:
        """`what`: the things that are counted, as `values`."""
        self._progress = Progress(
            TextColumn("eyamlgpg: {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(file=stream),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task(what, total=total)
        self._drawn = 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int) -> None:
        """Draw it, unless that was done a moment ago."""
        now = time.monotonic()
        if now - self._drawn >= INTERVAL_SECONDS:
            self._drawn = now
            self._progress.update(self._task, completed=done)
            self._progress.refresh()
