"""How the readers that recipients files name differ from those of the last commit: nothing wrong, but to be seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.recipients import Resolution, Resolved
from eyamlgpg.operations.check.border import Border
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.list_text import require_small
from eyamlgpg.operations.tree_ports import CheckedTree


@dataclass(frozen=True, slots=True)
class ReadersChange:
    """One recipients file that names others than before; by their keys, whatever the lines say."""

    path: str
    added: tuple[Resolution, ...]
    removed: tuple[Resolution, ...]
    is_new: bool = False
    is_gone: bool = False


def changes(
    tree: CheckedTree, governance: Governance, border: Border, *, is_next_commit: bool
) -> Iterator[ReadersChange]:
    """Those of the recipients files that were asked for, of links to a list that was, and of those that are gone.

    A file without a past is a new one only where nothing but the next commit's changes are asked for.
    """
    gone = (path for path in tree.removed() if tree.covers(path))
    asked, links = dict.fromkeys([*tree.chosen(), *gone]), tree.links()
    linked = (link for link, place in links.items() if place in asked)
    named = (path for path in (*asked, *linked) if PurePosixPath(path).name == RECIPIENTS_FILE)
    for path in dict.fromkeys(named):
        before, place = tree.before(path), links.get(path)
        is_new = before is None and is_next_commit and path in asked
        if before is None and place is not None and not is_new:
            before = tree.before(place)
        if before is not None or is_new:
            yield from border.around(path, partial(_change, path, before, tree, governance)) or ()


def _change(path: str, before: bytes | None, tree: CheckedTree, governance: Governance) -> tuple[ReadersChange, ...]:
    is_gone = not tree.has(path)
    try:
        now = () if is_gone else governance.of_list(path).resolutions
        was = () if before is None else named_by(require_small(before, path), path, governance)
    except FileProblem:
        return ()  # it is told where the file is looked at
    added, removed = without(now, was), without(was, now)
    if not added and not removed:
        return ()
    return (ReadersChange(path, added, removed, is_new=before is None, is_gone=is_gone),)


def named_by(text: str, path: str, governance: Governance) -> tuple[Resolution, ...]:
    """Whom a list names, by its text."""
    recipients = recipients_file.parse(text, path).recipients
    return governance.resolver.resolve(recipients) if recipients else ()


def without(some: Sequence[Resolution], others: Sequence[Resolution]) -> tuple[Resolution, ...]:
    """Those of the first, each once, whom the second do not mean."""
    meant = {whom(resolution) for resolution in others}
    return tuple({whom(one): one for one in some if whom(one) not in meant}.values())


def whom(resolution: Resolution) -> str:
    """What tells one reader from another: the key, or the name where it means none."""
    return resolution.key.fingerprint if isinstance(resolution, Resolved) else resolution.recipient.name
