"""A config file of the user's own by which no recipients file counts: told once a run, where there is such a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.formats.eyaml.config import Setting
from eyamlgpg.operations.tree.governance import DiskLists
from eyamlgpg.operations.tree.source import Source


@dataclass(frozen=True, slots=True)
class WatchedLists:
    """`operations.tree.governance.Lists` on the disk; somebody is told of each folder that a list is looked for."""

    lists: DiskLists
    look: Callable[[Path], None]

    def nearest(self, folder: str) -> str | None:
        """As `DiskLists` has it."""
        self.look(Path(folder))
        return self.lists.nearest(folder)

    def above(self) -> str | None:
        """As `DiskLists` has it."""
        return self.lists.above()

    def ways_on(self, folder: Path) -> tuple[str, ...]:
        """As `DiskLists` has it."""
        return self.lists.ways_on(folder)

    def read(self, name: str) -> Source:
        """As `DiskLists` has it."""
        return self.lists.read(name)

    def shown(self, name: str) -> str:
        """As `DiskLists` has it."""
        return self.lists.shown(name)


def overruling(setting: Setting, recipients_file: str) -> str:
    """The warning of a command that goes by the setting."""
    return f"{setting.where}: {setting.name} overrules the recipients files, such as {recipients_file}"


def not_by_check(setting: Setting) -> str:
    """The warning of `check`, which goes by the files."""
    return (
        f"{setting.where}: {setting.name} overrules the recipients files for set, edit, encrypt, recrypt and who; "
        "check goes by the recipients files"
    )
