"""The values that changed recipients files govern: what would be due, and what is re-encrypted."""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from eyamlgpg.cli.recrypt import carry_out, plan_of
from eyamlgpg.cli.world import World
from eyamlgpg.errors import raise_all
from eyamlgpg.formats.text import encode
from eyamlgpg.gpg.recrypt import Effort, usual_jobs
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.policies import Policies
from eyamlgpg.operations.recipients_change import Change
from eyamlgpg.operations.recrypt_plan import Plan, RecryptRequest, make_plan
from eyamlgpg.operations.selection import select


class FilesAfterwards(DiskFiles):
    """The files as they will be: some hold what is not written yet."""

    def __init__(self, content: Mapping[Path, bytes]) -> None:
        """`content`: by absolute path."""
        super().__init__()
        self._content = content

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        """What the file will hold."""
        return self._content[path] if path in self._content else super().read(path, limit=limit)

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        """The nearest of the files that are there and those that will be."""
        real = Path(os.path.realpath(folder))
        standing = super().nearest_upwards(folder, name)
        coming = [path for path in self._content if path.name == name and real.is_relative_to(path.parent)]
        every = coming if standing is None else [*coming, standing]
        return max(every, key=lambda path: len(path.parts), default=None)


def governed_folders(changes: Sequence[Change], world: World) -> list[Path]:
    """The folders that the changed files govern, as the user would write them."""
    working = world.recipients_request.working
    return [Path(shown(change.place.folder, working)) for change in changes if change.place.folder is not None]


def lock(changes: Sequence[Change], world: World) -> AbstractContextManager[None]:
    """Hold the lock of every tree concerned, from before the recipients change until the values are in line."""
    return world.trees.locked([change.place.path.parent for change in changes])


def foresee(changes: Sequence[Change], world: World) -> Plan:
    """What would be due once the changes are written."""
    files = FilesAfterwards({change.place.path: encode(change.text) for change in changes})
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
    files = frozenset(change.place.path for change in changes)
    return RecryptRequest(default=world.default_method, governed_by=files)
