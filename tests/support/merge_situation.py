"""A situation of a merge: a file in three versions, and what comes of it; `merges` tells the names of values."""

from dataclasses import dataclass

CLEAN, IN_VALUE, IN_TEXT, CONFLICT = "clean", "conflict on the value", "conflict in the text", "conflict"


@dataclass(frozen=True, slots=True)
class Situation:
    """One file of one merge; a version is None where it does not stand."""

    title: str
    base: str | None
    ours: str | None
    theirs: str | None
    merged: str
    """What the driver leaves, with `<A1>` for values."""
    git: str = CONFLICT
    driver: str = CLEAN
    file: str = "db.eyaml"
    says: str = ""
    """A part of what the driver prints."""


def conflict(key: str, theirs: str, indent: str = "", end: str = "\n") -> str:
    lines = (
        f"# <<<<<<< ours: {key}, below",
        "# ======= theirs:",
        f"# {theirs}",
        "# >>>>>>> keep one of the two values, and take these lines out",
    )
    return "".join(f"{indent}{line}{end}" for line in lines)
