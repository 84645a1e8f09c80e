"""What is known of the past: every version read, and what stood where from which commit on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.model.rotation import Place
from eyamlgpg.operations.readers.past_values import Key, PastMessage, Version


@dataclass(frozen=True, slots=True)
class Past:
    """What the history holds, every version read."""

    commits: Sequence[Commit]
    """Parents before children."""
    versions: Mapping[str, Version]
    """The values of each file version that has any, by its object."""
    head: int | None
    staged: Sequence[FileChange]
    """What the index changes against HEAD."""
    working: Mapping[str, Version]
    """The values of the files in the working tree that have any."""
    unchanged: frozenset[str] = frozenset()
    """Files that are not read in the working tree, and count as they are in the index."""


@dataclass(slots=True, eq=False)
class Standing:
    """One message at one place, from one commit on; never changed, and not frozen since there are millions to make."""

    place: Place
    message: PastMessage
    commit: int
    """The number of the commit; the number of commits for what is not committed yet."""
    first_before: "Standing | None"
    """What it continues, be it of another branch as well; None for a value that is new."""
    more_before: tuple["Standing", ...]
    """What it continues beside that, behind a merge."""
    is_copy: bool
    """Whether what it continues went on standing where it was."""
    is_knowable: bool
    """Whether it, or anything that it continues, is a message that the person could open."""
    earlier: "Standing | None" = None
    """The one that was met last before it with the same data packet, wherever that stood."""

    @property
    def before(self) -> tuple["Standing", ...]:
        """What it continues: one as a rule, more behind a merge, none for a value that is new."""
        return () if self.first_before is None else (self.first_before, *self.more_before)


FileState = dict[Key, Standing]
State = dict[str, FileState]


@dataclass
class Followed:
    """What came of it."""

    by_place: dict[Place, list[Standing]] = field(default_factory=dict)
    ends: dict[Standing, int] = field(default_factory=dict)
    """The commit that removed a value, where no other one continues it."""
    moved: set[Place] = field(default_factory=set)
    """Places whose value continues at another one."""
    today: State = field(default_factory=dict)
    """The working tree."""
    at_since: frozenset[Standing] = frozenset()
    """What stood in the commit that was asked for."""
