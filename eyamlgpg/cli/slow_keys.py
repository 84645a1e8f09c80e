"""Own keys whose passphrase makes every value slow: measured by the first values of a run, and told once."""

from collections.abc import Callable
from time import monotonic

from eyamlgpg.cli.world import World
from eyamlgpg.model.keys import Protection
from eyamlgpg.model.policy import SessionKeys
from eyamlgpg.render import slow_keys

MANY = 50
"""Values from which on the time is worth a word."""

ASKED = 5
"""The first values, among them those that gpg opens and asks for the passphrase for."""

MEASURED = 10
"""Values behind them by which the time of one is told."""


def is_per_file(world: World) -> bool:
    """Whether the policy of the tree lets the values of a file share a session key already."""
    policy = world.tree_settings.policy
    return policy is not None and policy.session_keys is SessionKeys.PER_FILE


def watch_for(world: World, due: int, now: Callable[[], float] = monotonic) -> Callable[[int], None]:
    """What is to be told how many values are done; it warns where each costs the hashing of a passphrase."""
    begun: float | None = None
    is_told = due <= MANY

    def done(values: int) -> None:
        nonlocal begun, is_told
        if is_told:
            return
        if begun is None:
            begun = now() if values >= ASKED else None
        elif values >= ASKED + MEASURED:
            is_told = True
            seconds = (now() - begun) / MEASURED
            if seconds >= slow_keys.SLOW and _has_passphrase(world):
                for line in slow_keys.of_a_run(seconds, due - values, is_per_file=is_per_file(world)):
                    world.messages.say(line)

    return done


def _has_passphrase(world: World) -> bool:
    protections = world.secret_keys.protections(world.keyring.keys())  # of those whose secret part is here
    return Protection.PASSPHRASE in protections.values()
