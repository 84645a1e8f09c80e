"""What a check looks at: what was asked for, and what a change among it says something about."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.settings import baseline
from eyamlgpg.formats.settings.baseline import BASELINE_FILE, Accepted
from eyamlgpg.formats.text import decode
from eyamlgpg.operations.check.baseline import Baseline
from eyamlgpg.operations.check.hiera_data import data_links, is_data
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.settings import PEOPLE, POLICY
from eyamlgpg.operations.tree_ports import CheckedTree


@dataclass(frozen=True, slots=True)
class Reach:
    """The files of one check."""

    files: tuple[str, ...]
    """To be looked at; recipients files may be links, all others are none."""
    gone: tuple[str, ...]
    """What was asked for and is there no more."""
    left_out: tuple[str, ...]
    """Links to data outside of the tree, or to nothing."""


def reach(tree: CheckedTree, governance: Governance, baseline: Baseline) -> Reach:
    """What was asked for, a link to data by the file that it leads to, and what the changes of all that bear upon.

    A recipients file bears upon what it governs, the baseline upon the files whose entries came or went, a key of the
    repository upon all that is governed if readers are judged by those keys, the people upon every recipients file,
    and the policy upon everything.
    """
    chosen, links = tree.chosen(), tree.links()
    gone = tuple(path for path in tree.removed() if tree.covers(path))
    asked = dict.fromkeys(path for path in chosen if path not in links or PurePosixPath(path).name == RECIPIENTS_FILE)
    left_out = []
    for link in (path for path in chosen if path in links and is_data(path)):
        place = links[link]
        if place is None or not tree.has(place):
            left_out.append(link)
        else:
            asked[place] = None
    touched = {**asked, **dict.fromkeys(gone)}
    borne = _Bearing(tree, governance, baseline).files(touched)
    return Reach(tuple({**asked, **dict.fromkeys(borne)}), gone, tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Bearing:
    """Whom a change of one file concerns."""

    tree: CheckedTree
    governance: Governance
    baseline: Baseline

    def files(self, touched: Collection[str]) -> Iterator[str]:
        """The other files that a change of the touched ones bears upon."""
        linked = [
            link
            for link, place in self.tree.links().items()
            if place in touched and PurePosixPath(link).name == RECIPIENTS_FILE
        ]
        yield from linked
        others = [path for path in self.tree.files() if path not in touched]
        if not others:
            return
        if POLICY.as_posix() in touched:
            yield from others
            return
        if PEOPLE.as_posix() in touched:
            yield from (path for path in others if PurePosixPath(path).name == RECIPIENTS_FILE)
        if any(self.governance.judges_by(path) for path in touched):
            yield from (path for path in others if self.governance.path_for(path) is not None)
        if BASELINE_FILE in touched:
            accepted = self._accepted_otherwise()
            yield from (path for path in others if path in accepted)
        names = map(PurePosixPath, (*touched, *linked))
        folders = {path.parent for path in names if path.name == RECIPIENTS_FILE}
        if folders:
            called = data_links(self.tree)
            yield from (
                path
                for path in others
                if any(self._is_governed_from(name, folders) for name in (path, *called.get(path, ())))
            )

    def _is_governed_from(self, path: str, folders: Collection[PurePosixPath]) -> bool:
        """Whether a recipients file in one of these folders governs a file, or would if it were still there."""
        source = self.governance.path_for(path)
        nearest = None if source is None else PurePosixPath(source).parent
        for folder in PurePosixPath(path).parents:
            if folder in folders:
                return True
            if folder == nearest:
                return False
        return False

    def _accepted_otherwise(self) -> set[str]:
        """The files of entries that the baseline did not have in the last commit, or has no more."""
        if self.baseline.source != BASELINE_FILE:
            return set()  # another one was named
        now = {(*entry.identity, entry.count) for entry in self.baseline.entries}
        before = {(*entry.identity, entry.count) for entry in _entries(self.tree.before(BASELINE_FILE))}
        return {file for file, *_ in now ^ before}


def _entries(content: bytes | None) -> Sequence[Accepted]:
    """Those of a baseline; of one that was broken, none."""
    try:
        return baseline.parse(decode(content or b""), BASELINE_FILE)
    except ConfigError:
        return ()
