"""The values that changed recipients files govern: what would be due, and what is re-encrypted."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from eyamlgpg.cli.commands.recrypt import carry_out, plan_of
from eyamlgpg.cli.world import World
from eyamlgpg.errors import raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.text import encode
from eyamlgpg.gpg.recrypting.recrypter import Effort, usual_jobs
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.host.named import find_named, tree_root
from eyamlgpg.host.paths import working_folder
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.readers.recrypt_plan import Plan, RecryptRequest, make_plan
from eyamlgpg.operations.recipients.change import Change
from eyamlgpg.operations.tree.governance import Policies
from eyamlgpg.operations.tree.selection import select


class FilesAfterwards(DiskFiles):
    """The files as they will be: some hold what is not written yet."""

    def __init__(self, content: Mapping[Path, bytes]) -> None:
        """`content`: by absolute path, links resolved."""
        super().__init__()
        self._content = content

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        """What the file will hold."""
        content = self._content.get(Path(os.path.realpath(path)))
        return super().read(path, limit=limit) if content is None else content

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        """The nearest of the files that are there and those that will be."""
        real = Path(os.path.realpath(folder))
        standing = super().nearest_upwards(folder, name)
        coming = [path for path in self._content if path.name == name and real.is_relative_to(path.parent)]
        every = coming if standing is None else [*coming, standing]
        return max(every, key=lambda path: len(path.parts), default=None)


def governed_folders(changes: Sequence[Change], world: World) -> list[Path]:
    """The folders that the changed files govern, as the user would write them, none inside of another.

    A file governs every folder that has it by a link, too; and the repository that one stands in, where the file is
    above of it.
    """
    roots = dict.fromkeys(tree_root(folder) for folder in (*_own_folders(changes), working_folder()))
    standing = [path for root in roots for path in find_named(root, RECIPIENTS_FILE, unreadable=_told_of_later)]
    files = real_files(changes)
    linked = [path.parent for path in standing if path.is_symlink() and Path(os.path.realpath(path)) in files]
    every = [*_own_folders(changes), *linked, *(path.parent for path in files & set(standing))]
    here = tree_root(working_folder())
    every += [here for folder in _own_folders(changes) if here.is_relative_to(folder)]
    outermost = [folder for folder in dict.fromkeys(every) if not any(_holds(other, folder) for other in every)]
    return [Path(shown(folder, world.recipients_request.working)) for folder in outermost]


def real_files(changes: Sequence[Change]) -> frozenset[Path]:
    """The changed files, links resolved."""
    return frozenset(Path(os.path.realpath(change.place.path)) for change in changes)


def lock(changes: Sequence[Change], world: World) -> AbstractContextManager[None]:
    """Hold the lock of every tree concerned, from before the recipients change until the values are in line."""
    places = [change.place.path.parent for change in changes]
    return world.trees.locked([*places, *governed_folders(changes, world)])


def foresee(changes: Sequence[Change], world: World) -> Plan:
    """What would be due once the changes are written."""
    files = FilesAfterwards({Path(os.path.realpath(change.place.path)): encode(change.text) for change in changes})
    policies = Policies(world.recipients_request, files, world.keyring)
    chosen = select(governed_folders(changes, world), world.trees, files)
    return make_plan(chosen, _request(changes, world), policies, files)


def reencrypt(changes: Sequence[Change], world: World) -> None:
    """Bring in line what the changed files govern, nested recipients files excepted; the caller holds the lock.

    Raises all that could not be done; the rest is.
    """
    request = _request(changes, world)
    plan = plan_of(world, governed_folders(changes, world), request)
    recryption = carry_out(world, plan, request, Effort(usual_jobs()))
    raise_all(recryption.errors)


def _request(changes: Sequence[Change], world: World) -> RecryptRequest:
    return RecryptRequest(default=world.default_method, governed_by=real_files(changes))


def _own_folders(changes: Sequence[Change]) -> list[Path]:
    return [change.place.folder for change in changes if change.place.folder is not None]


def _holds(outer: Path, inner: Path) -> bool:
    """Whether whoever looks into the one folder comes to the other, which no repository in between prevents."""
    root = tree_root(inner)
    is_parted = (root / ".git").exists() and not outer.is_relative_to(root)
    return outer != inner and inner.is_relative_to(outer) and not is_parted


def _told_of_later(_error: OSError) -> None:
    """A folder that cannot be read is named when its values are looked for."""
