"""Which list governs a path, and who its readers are: each list is read and resolved once a run.

The rule is the same wherever the lists stand: on the disk, as hiera-eyaml-gpg finds them, or in a tree at one moment.
"""

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.governed import Around, Governed, ListFile
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.approvals.ports import Guard
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.list_text import LARGEST, read_text, refuse_strange, require_small
from eyamlgpg.operations.tree.source import (
    MAKE_ONE,
    OPTION,
    RecipientsRequest,
    Source,
    names_nobody,
    nearest_list,
    no_recipients,
    read_source,
    ways_on,
)
from eyamlgpg.operations.tree_ports import Tree

NOBODY = Around(KeyIndex(()))


class Lists(Protocol):
    """Where lists are found and read."""

    def nearest(self, folder: str) -> str | None:
        """The list that governs a folder; None where none does."""
        ...

    def above(self) -> str | None:
        """The list above the tree, which governs what none inside does."""
        ...

    def ways_on(self, folder: Path) -> tuple[str, ...]:
        """What to do about a folder that no list governs."""
        ...

    def read(self, name: str) -> Source:
        """A list that was found; raises what is wrong with it, but not that it names nobody."""
        ...

    def shown(self, name: str) -> str:
        """How messages call it."""
        ...


@dataclass(frozen=True, slots=True)
class DiskLists:
    """Lists on the disk by absolute paths, unless options stand for all of them."""

    request: RecipientsRequest
    files: Files

    def nearest(self, folder: str) -> str | None:
        """The option, the file option, or the nearest list upwards from a folder whose links are resolved."""
        return nearest_list(self.request, Path(folder), self.files)

    def ways_on(self, folder: Path) -> tuple[str, ...]:
        """Make a list, or use one that stands below."""
        return ways_on(self.request, folder, self.files)

    def above(self) -> str | None:
        """None: a list on the disk is found from its folder, whatever tree that stands in."""
        return None

    def read(self, name: str) -> Source:
        """The recipients that it names."""
        return read_source(self.request, name, self.files)

    def shown(self, name: str) -> str:
        """As the user would write it."""
        return self.request.listed_in if name == OPTION else short_path(Path(name), self.request.working)


class TreeLists:
    """Lists of a tree at one moment, by paths from its root; those above the tree by absolute paths."""

    def __init__(self, tree: Tree, files: Files, otherwise: str | None = None) -> None:
        """`files` reads what stands above the tree; `otherwise` governs what no list of the usual name does."""
        self._tree = tree
        self._files = files
        self._otherwise = otherwise
        self._nearest: dict[str, str | None] = {}

    def nearest(self, folder: str) -> str | None:
        """The nearest list upwards, out of the tree only where none of the tree governs the folder."""
        if folder not in self._nearest:
            candidate = str(PurePosixPath(folder) / RECIPIENTS_FILE)
            if self._tree.has(candidate):
                self._nearest[folder] = candidate
            elif folder == ".":
                self._nearest[folder] = self.above()
            else:
                self._nearest[folder] = self.nearest(str(PurePosixPath(folder).parent))
        return self._nearest[folder]

    def ways_on(self, folder: Path) -> tuple[str, ...]:  # noqa: ARG002 - the same for every folder
        """Make a list."""
        return (MAKE_ONE,)

    def above(self) -> str | None:
        """The nearest list upwards from the folder that the tree stands in, else the one for what none governs."""
        found = self._files.nearest_upwards(self._tree.root.parent, RECIPIENTS_FILE)
        return self._otherwise if found is None else str(found)

    def read(self, name: str) -> Source:
        """The recipients that it names."""
        if PurePosixPath(name).is_absolute():
            text = read_text(Path(name), name, self._files)
        else:
            text = require_small(self._tree.read(name, limit=LARGEST), name)
            if self._files.leads_out(self._tree.root / name):
                refuse_strange(text, name)
        return Source.of(recipients_file.parse(text, name), self._tree.root / name, text)

    def shown(self, name: str) -> str:
        """As it is called in the tree."""
        return name


class Governance:
    """The lists of one run."""

    def __init__(
        self,
        lists: Lists,
        resolver: Resolver,
        puppetmasters: frozenset[Fingerprint] = frozenset(),
        guard: Guard | None = None,
    ) -> None:
        """`puppetmasters`: keys that the policy declares; `guard`: asked by those who encrypt."""
        self._lists = lists
        self.resolver = resolver
        self._guard = guard
        self._puppetmasters = puppetmasters
        self._nearest: dict[str, str | None] = {}
        self._sources: dict[str, Source] = {}
        self._governed: dict[str, Governed] = {}
        self._without: dict[str, Governed] = {}
        self._asked: dict[str, list[str]] = {}

    @property
    def knows_own_keys(self) -> bool:
        """True if the keyring tells any secret key: a forwarded agent's are not told, and open values all the same."""
        return any(key.has_secret for key in self.resolver.keys)

    def nearest(self, folder: str | Path) -> str | None:
        """The list that governs a folder, as `of_list` takes it; looked for once."""
        key = str(folder)
        if key not in self._nearest:
            self._nearest[key] = self._lists.nearest(key)
        return self._nearest[key]

    def path_for(self, path: str) -> str | None:
        """The list that governs a file of a tree; with `/` at its end the path is a folder, and meant are its files."""
        return self.nearest(str(PurePosixPath(f"{path}x" if path.endswith("/") else path).parent))

    def above(self) -> str | None:
        """The list above the tree, which governs what none inside does."""
        return self._lists.above()

    def source(self, name: str) -> Source:
        """A list as written; raises what is wrong with it."""
        if name not in self._sources:
            self._sources[name] = self._lists.read(name)
        return self._sources[name]

    def of_list(self, name: str) -> Governed:
        """Who the readers of a list are; raises where it cannot be read."""
        if name not in self._governed:
            self._governed[name] = self._resolved(self.source(name))
        return self._governed[name]

    def of(self, folder: Path) -> Governed:
        """What governs the files of a folder, whose links are resolved; whatever is wrong is part of the answer."""
        key = str(folder)
        try:
            name = self.nearest(folder)
        except EyamlgpgError as error:
            return self._without.setdefault(key, Governed.broken(key, error))
        if name is None:
            nothing = no_recipients(folder, self._lists.ways_on(folder))
            return self._without.setdefault(key, Governed.broken("no recipients", nothing))
        try:
            governed, text = self.of_list(name), self.source(name).text
        except EyamlgpgError as error:
            file = None if name == OPTION else ListFile(Path(name), Path(os.path.realpath(name)))
            return self._governed.setdefault(name, Governed.broken(self._lists.shown(name), error, file))
        try:
            objection = self._guard.objection(folder, name, text) if self._guard else None
        except EyamlgpgError as error:  # what cannot be judged is not approved
            objection = error
        return self._refused(governed, objection) if objection else governed

    def wanted(self, folder: Path) -> Governed:
        """Everybody who is to read what stands in a folder; raises all that is wrong with any of them."""
        governed = self.of(folder)
        if governed.error is not None:
            raise governed.error
        return governed

    def of_file(self, path: str) -> Governed | None:
        """Who should read a file of a tree; None where no list governs it. The list may name nobody."""
        name = self.path_for(path)
        if name is None:
            return None
        governed = self.of_list(name)
        self._asked.setdefault(name, []).append(path)
        return governed

    def note(self, name: str) -> None:
        """Count a list among those that were asked for, whether or not a file was."""
        self._asked.setdefault(name, [])

    def asked(self) -> tuple[tuple[Governed, tuple[str, ...]], ...]:
        """Each list that was asked for, with the files that it was asked for."""
        return tuple((self.of_list(name), tuple(paths)) for name, paths in self._asked.items())

    def judges_by(self, path: str) -> bool:
        """True if readers are judged by a file of the tree, so that a change of it concerns everybody."""
        folder = self.resolver.keys_in
        return folder is not None and path.startswith(f"{folder}/") and not path.startswith(f"{folder}/former/")

    def _refused(self, governed: Governed, objection: EyamlgpgError) -> Governed:
        """A list that is not approved for a folder; the same object for all folders of which the same is said."""
        key = f"{governed.source}\0{objection}"
        return self._without.setdefault(key, Governed.broken(governed.source, objection, governed.file))

    def _resolved(self, source: Source) -> Governed:
        file = None if source.file is None else ListFile(source.file, Path(os.path.realpath(source.file)))
        if not source.recipients:
            return Governed.of(source.description, (), NOBODY, file, error=names_nobody(source))
        around = Around(self.resolver.index, self._puppetmasters, self.resolver.keys_in)
        found = self.resolver.resolve(source.recipients)
        return Governed.of(source.description, found, around, file, warnings=source.warnings)
