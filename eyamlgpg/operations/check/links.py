"""Links to Hiera data as they bear upon its readers: the real file's list counts, and not that of the link's place."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from eyamlgpg.errors import EyamlgpgError, FileProblem, FormatError, RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.governed import Governed
from eyamlgpg.model.recipients import Resolution
from eyamlgpg.operations.check.changes import ReadersChange, named_by, whom, without
from eyamlgpg.operations.check.hiera_data import is_data
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.list_text import require_small
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.rules.access import link_elsewhere


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one check."""

    tree: CheckedTree
    governance: Governance
    asked: Collection[str]
    """What is looked at, and what was asked for and is gone."""
    errors: list[EyamlgpgError] = field(default_factory=list)
    """Lists that could not be read."""

    def elsewhere(self, *, is_next_commit: bool) -> Iterator[Finding]:
        """Those that lead under a list of other people, where the link, its target or one of the lists is asked for."""
        for link, place in sorted(_links_to_data(self.tree).items()):
            with self._noted():
                own, governing = self.governance.path_for(link), self.governance.path_for(place)
                if own is None or governing is None or own == governing:
                    continue
                is_new = not is_next_commit or self.tree.was_at(link) != place
                is_asked = is_new and self.tree.covers(link)
                if not (is_asked or {link, own, governing} & {*self.asked} or _is_in(place, self.asked)):
                    continue
                if _people(self.governance.of_list(own)) != _people(self.governance.of_list(governing)):
                    yield link_elsewhere.finding(link, place, own, governing)

    def changes(self) -> Iterator[ReadersChange]:
        """What changes its readers by a link that turns, or takes or leaves the place of a file or a folder."""
        links = _links_to_data(self.tree)
        covered = (link for link in links if link in self.asked or self.tree.covers(link))
        files = (path for path in self.asked if path not in links and is_data(path))
        for path in dict.fromkeys((*covered, *files)):
            with self._noted():
                if path not in links and self.tree.before(path) is None:
                    continue
                was, place = self.tree.was_at(path), links.get(path, path)
                if was is None or was == place:
                    continue
                then, now = self._readers_then(was), self._readers_now(place)
                added, removed = without(now, then), without(then, now)
                if added or removed:
                    yield ReadersChange(path, added, removed)

    def _readers_now(self, place: str) -> tuple[Resolution, ...]:
        source = self.governance.path_for(place)
        return () if source is None else self.governance.of_list(source).resolutions

    def _readers_then(self, place: str) -> tuple[Resolution, ...]:
        """Whom the list named that governed a place in the last commit."""
        governance = self.governance
        for folder in PurePosixPath(f"{place}x" if place.endswith("/") else place).parents:
            source = str(folder / RECIPIENTS_FILE)
            if self.tree.was_at(source) is not None:
                before = self.tree.before(source)
                if before is None:
                    return governance.of_list(source).resolutions
                return named_by(require_small(before, source), source, governance)
        above = governance.above()
        return () if above is None else governance.of_list(above).resolutions

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except (FileProblem, FormatError, RecipientError) as error:
            self.errors.append(error)


def _links_to_data(tree: CheckedTree) -> dict[str, str]:
    """Links that are called Hiera data, or lead to it, and those to folders that hold some; with their places."""
    files = ((link, place) for link, place in tree.links().items() if place is not None)
    found = {link: place for link, place in files if is_data(link) or is_data(place)}
    folders = tree.folder_links()
    if folders:
        data = [path for path in tree.files() if is_data(path)]
        found |= {
            link: f"{place}/" for link, place in folders.items() if any(path.startswith(f"{place}/") for path in data)
        }
    return {link: place for link, place in found.items() if PurePosixPath(link).name != RECIPIENTS_FILE}


def _is_in(place: str, asked: Collection[str]) -> bool:
    """Whether a file, or anything in a folder, was asked for."""
    return place in asked or (place.endswith("/") and any(path.startswith(place) for path in asked))


def _people(governed: Governed) -> set[str]:
    return {whom(resolution) for resolution in governed.resolutions}
