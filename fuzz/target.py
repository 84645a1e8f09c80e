"""What a target is: a parser, the errors that it may raise, and what must be true of its answer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOUND = Path(__file__).resolve().parent.parent / "fixtures" / "fuzz"
"""A folder for each target, with the inputs that were found to break it, each as small as it could be made."""


@dataclass(frozen=True)
class Target:
    """One parser, and how to hold it against any input."""

    name: str
    run: Callable[[bytes], None]
    """Parses the input and asserts what must be true; an error that it may not raise is a defect."""
    allowed: tuple[type[Exception], ...]
    seeds: Callable[[], Iterable[bytes]]
    """Inputs that the parser knows well, for a fuzzer to begin with."""

    def hold(self, octets: bytes) -> None:
        """Raise whatever this input shows to be wrong."""
        try:
            self.run(octets)
        except self.allowed:
            return

    def inputs(self) -> Iterator[bytes]:
        """The seeds, then what was found before."""
        yield from self.seeds()
        for path in sorted((FOUND / self.name).glob("*")):
            yield path.read_bytes()
