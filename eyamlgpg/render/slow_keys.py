"""Keys whose passphrase makes every value slow, and what can be done about it, in words."""

from collections.abc import Iterator

from eyamlgpg.render.words import counted

SLOW = 0.05
"""Seconds of an operation from which on somebody should know; without a passphrase none takes as long."""

_PER_FILE = (
    "to have it once a file: `session_keys: per-file` in .eyamlgpg/policy.yaml, then `eyamlgpg recrypt --all`; "
    "docs/security.md tells what that gives up"
)
_COUNT = (
    "to have it quicker: a lower `s2k-count` in gpg-agent.conf, then `gpg --passwd KEY`; whoever copies the key from "
    "the disk can guess the passphrase as much quicker"
)


def of_a_key(name: str, seconds: float, values: int, *, is_per_file: bool) -> Iterator[str]:
    """The lines of `keys check` about an own key."""
    yield f"{name}: gpg-agent takes {seconds:.2f} s for each private-key operation, to hash the passphrase anew"
    if not is_per_file and values > 1:
        yield f"  {counted(values, 'value')} opened one by one take {duration(seconds * values)}"
    yield from _remedies(is_per_file=is_per_file)


def of_a_run(seconds: float, left: int, *, is_per_file: bool) -> Iterator[str]:
    """The lines of `recrypt`, which has measured its first values."""
    yield (
        f"each value takes {seconds:.2f} s, since gpg-agent hashes your passphrase anew for it: "
        f"{duration(seconds * left)} for the {left:,} that are left"
    )
    yield from _remedies(is_per_file=is_per_file)


def duration(seconds: float) -> str:
    """A time that nobody needs exactly: `40 s`, `5 min`, `2 h`."""
    if seconds < 100:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.0f} h"


def _remedies(*, is_per_file: bool) -> Iterator[str]:
    yield from () if is_per_file else (f"  {_PER_FILE}",)
    yield f"  {_COUNT}"
