"""The keys that `lookup_options` converts to Sensitive, asked for one by one: a tree has many, and many patterns."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MOST_REPEATS = 3
LONGEST_KEY = 256
STEPS = 50_000_000
"""What all expressions of a tree together may take at worst, beyond what their literals say: some seconds."""

_ESCAPED = re.compile(r"\\.", re.DOTALL)
_REPEATED = re.compile(r"[*+{]")
_LITERAL_START = re.compile(r"\^((?:[\w:-](?![*+?{]))*)")
_LITERAL_END = re.compile(r"((?<![\\\w:-])[\w:-]++)\$\Z")
_SIMPLE = re.compile(r"\^((?:[\w:-]|\.\*(?![*+?{]))*)(\$?)\Z")


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A key, or a regular expression for keys, that `lookup_options` converts to Sensitive."""

    key: str
    """A pattern begins with `^`, as in Hiera."""
    where: str


class SensitiveKeys:
    """What a tree calls sensitive; each key is answered once, and the work for all of them is bounded."""

    def __init__(self, every: Iterable[Sensitive] = ()) -> None:
        self._answers: dict[str, Sensitive | None] = {}
        self._patterns: list[tuple[Sensitive, Callable[[str], bool]]] = []
        self._steps = STEPS
        self._plain: dict[str, Sensitive] = {}
        for one in every:
            if one.key.startswith("^"):
                self._patterns.append((one, _literals(one.key) or self._expression(one.key)))
            else:
                self._plain.setdefault(one.key, one)

    def get(self, root: str) -> Sensitive | None:
        """What makes the values of a top key sensitive."""
        if root in self._plain:
            return self._plain[root]
        if not self._patterns:
            return None
        if root not in self._answers:
            self._answers[root] = next((one for one, covers in self._patterns if covers(root)), None)
        return self._answers[root]

    def _expression(self, pattern: str) -> Callable[[str], bool]:
        """Whether a pattern matches; where that could take for ever, whether its literal beginning and end do."""
        first, last = _LITERAL_START.match(pattern), _LITERAL_END.search(pattern)
        start, end = first[1] if first else "", last[1] if last else ""
        is_alternative = "|" in pattern
        try:
            compiled = re.compile(pattern)
        except re.error:  # Ruby's regular expressions know more than Python's
            return lambda _: False
        bare = _ESCAPED.sub("x", pattern)
        repeats = len(_REPEATED.findall(bare))
        is_cheap = repeats <= MOST_REPEATS and not re.search(r"\)[*+{]", bare)

        def covers(root: str) -> bool:
            if not is_alternative and not (root.startswith(start) and root.endswith(end)):
                return False
            steps = len(root) ** repeats
            if is_cheap and len(root) <= LONGEST_KEY and self._steps >= steps:
                self._steps -= steps
                return compiled.search(root) is not None
            return bool(start or end) and root.startswith(start) and root.endswith(end)

        return covers


def _literals(pattern: str) -> Callable[[str], bool] | None:
    """Whether a key matches a pattern of nothing but literals and `.*`, in the time that it takes to read it."""
    simple = _SIMPLE.fullmatch(pattern)
    if simple is None:
        return None
    start, *middle = simple[1].split(".*")
    end = middle.pop() if simple[2] and middle else None

    def covers(root: str) -> bool:
        if "\n" in root or not root.startswith(start) or (simple[2] and not middle and end is None and root != start):
            return False
        place = len(start)
        for part in middle:
            place = root.find(part, place)
            if place < 0:
                return False
            place += len(part)
        return end is None or (root.endswith(end) and len(root) - len(end) >= place)

    return covers
