"""What a command shows while it opens many messages: a bar, and a word where each costs the hashing of a passphrase."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from eyamlgpg.cli import slow_keys
from eyamlgpg.cli.progress import progress_bar
from eyamlgpg.cli.world import World


def opening_bar(world: World) -> Callable[[int], AbstractContextManager[Callable[[int], None]]]:
    """For each round of a run a block with its number of messages; slow keys are told of in one round at most."""
    may_tell = True

    @contextmanager
    def opening(total: int) -> Iterator[Callable[[int], None]]:
        nonlocal may_tell
        tell_if_slow = slow_keys.watch_for(world, total) if may_tell else None
        may_tell = may_tell and total <= slow_keys.MANY

        def done(values: int) -> None:
            show(values)
            if tell_if_slow is not None:
                tell_if_slow(values)

        with progress_bar(world, "values", total) as show:
            yield done

    return opening
