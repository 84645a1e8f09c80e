"""How git is told to show and merge values: lines of .gitattributes, and settings of one clone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

DIFF = "eyamlgpg"
MERGE_VALUES = "eyamlgpg"
MERGE_RECIPIENTS = "eyamlgpg-recipients"

FOR_VALUES: Mapping[str, str] = {"diff": DIFF, "merge": MERGE_VALUES}
FOR_RECIPIENTS: Mapping[str, str] = {"merge": MERGE_RECIPIENTS}

CACHE = f"diff.{DIFF}.cachetextconv"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of .gitattributes, and a path by which git tells whether it counts."""

    pattern: str
    """As gitattributes(5) writes it."""
    attributes: Mapping[str, str]
    probe: str
    """A path from the root of the tree that the pattern fits; nothing has to stand there."""

    @property
    def text(self) -> str:
        """The line without its end."""
        return " ".join([self.pattern, *(f"{name}={value}" for name, value in self.attributes.items())])


class LineState(StrEnum):
    """What git makes of a line."""

    IN_PLACE = "in place"
    ABSENT = "not there"
    OTHER = "decided by another line"


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line with what git makes of it."""

    line: Line
    state: LineState
    other: str = ""
    """The attribute that another line sets, as `diff=foo`."""


class SettingState(StrEnum):
    """A setting of this clone."""

    SET = "set"
    OLD = "set for another eyamlgpg"
    ABSENT = "not set"
    OTHER = "set to something else"
    CACHED = "on, so that git stores plaintext in the repository"


@dataclass(frozen=True, slots=True)
class FoundSetting:
    """A setting with its state."""

    name: str
    state: SettingState


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file that git handles otherwise than by our lines."""

    path: str
    name: str
    """Of the attribute."""
    attribute: str
    """As the line that decides has it: `diff=foo`, `-diff`."""
    decided_by: str | None = None
    """The place of that line, as `data/.gitattributes:2`; None where no file of the repository has it."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """All of it for one clone."""

    lines: tuple[FoundLine, ...]
    settings: tuple[FoundSetting, ...]
    others: tuple[OtherFile, ...] = ()
    """Files that another line takes away from us, one entry for each attribute."""
    uncovered: tuple[str, ...] = ()
    """Files of another name that hold values and have no attribute."""

    @property
    def are_in_place(self) -> bool:
        """Whether git shows and merges values of all files in this clone as install makes it."""
        return not self.others and not self.lacks_any

    @property
    def lacks_any(self) -> bool:
        """Whether a line or a setting is missing, or is another's."""
        return any(one.state is not LineState.IN_PLACE for one in self.lines) or any(
            one.state is not SettingState.SET for one in self.settings
        )

    @property
    def are_absent(self) -> bool:
        """Whether nothing of it is there."""
        return all(one.state is not LineState.IN_PLACE for one in self.lines) and all(
            one.state is SettingState.ABSENT for one in self.settings
        )

    @property
    def are_half(self) -> bool:
        """Whether the repository has the attributes and this clone lacks a setting: a fresh clone."""
        return any(one.state is LineState.IN_PLACE for one in self.lines) and any(
            one.state is SettingState.ABSENT for one in self.settings
        )

    @property
    def store_plaintext(self) -> bool:
        """Whether git would store what it is shown."""
        return any(one.state is SettingState.CACHED for one in self.settings)
