"""The comment that a merge leaves above a value which both sides changed: YAML reads past it, `edit` shows both.

    # <<<<<<< ours: db::password, below
    # ======= theirs:
    # ENC[GPG,…]
    # >>>>>>> keep one of the two values, and take these lines out
    db::password: ENC[GPG,…]

A merge that could not do better leaves git's own marks, which stand at the beginning of a line.
"""

import re
from collections.abc import Iterator

WIDTH = 7
"""Characters of a mark, where git does not say otherwise."""
_LONGEST_NAME = 80

_OURS = re.compile(r"^[ \t]*#[ \t]?<{7,}+ ours: ", re.MULTILINE)
_ENDS = re.compile(r"^[ \t]*#[ \t]?>{7,}+ keep one of the two values", re.MULTILINE)
_GITS = re.compile(r"^(?:<{7,}+|>{7,}+)(?= \S)", re.MULTILINE)


def comment(name: str, theirs: str, *, indent: str, newline: str, width: int) -> str:
    """The lines above a value. `name`: its key, or what else it is called; `theirs`: a token on one line."""
    shown = "".join(char if char.isprintable() else "?" for char in name)[:_LONGEST_NAME]
    lines = (
        f"{'<' * width} ours: {shown}, below",
        f"{'=' * width} theirs:",
        theirs,
        f"{'>' * width} keep one of the two values, and take these lines out",
    )
    return "".join(f"{indent}# {line}{newline}" for line in lines)


def find(text: str) -> Iterator[int]:
    """Where each conflict begins; a conflict of which only the end is left counts as one."""
    begun = 0
    found = sorted([*_OURS.finditer(text), *_ENDS.finditer(text), *_GITS.finditer(text)], key=lambda mark: mark.start())
    for mark in found:
        if "<" in mark.group():
            begun += 1
            yield mark.start()
        elif begun:
            begun -= 1
        else:
            yield mark.start()
