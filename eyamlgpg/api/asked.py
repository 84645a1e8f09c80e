"""Whether a tree asks for signed recipients, told before anything of that is imported: most trees do not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.settings.mentions import may_name_approvers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from eyamlgpg.errors import EyamlgpgError
    from eyamlgpg.operations.approvals.ports import Guard
    from eyamlgpg.operations.ports import Files

_POLICY = os.path.join(".eyamlgpg", "policy.yaml")  # noqa: PTH118 - a name, and no path of its own
_LARGEST = 1024 * 1024


class Asked:
    """`operations.approvals.ports.Guard`, which asks the other one only where a policy mentions approvers, or may."""

    def __init__(self, guard: Callable[[], Guard], files: Files) -> None:
        self._guard = guard
        self._files = files
        self._mentioned: dict[Path, bool] = {}

    def objection(self, folder: Path, name: str, text: str | None) -> EyamlgpgError | None:
        """Why the files of a folder must not be encrypted by this list; None where they may."""
        if folder not in self._mentioned:
            self._mentioned[folder] = self._is_mentioned(folder) or self._may_lack_files(folder)
        return self._guard().objection(folder, name, text) if self._mentioned[folder] else None

    def _is_mentioned(self, folder: Path) -> bool:
        """Whether any policy upwards may name approvers, or cannot be read; which one counts, the other guard tells.

        A nearer one proves nothing: anybody who may push could put it there.
        """
        place = folder
        while (policy := self._files.nearest_upwards(place, _POLICY)) is not None:
            try:
                if may_name_approvers(self._files.read(policy, limit=_LARGEST)):
                    return True
            except FileProblem:
                return True
            here = policy.parent.parent
            if here == here.parent:
                return False
            place = here.parent
        return False

    def _may_lack_files(self, folder: Path) -> bool:
        """True if a sparse checkout may leave out a policy or a list around a folder."""
        git = self._files.nearest_upwards(folder, ".git")
        if git is None:
            return False
        from eyamlgpg.host.sparse import may_be_sparse

        return may_be_sparse(git.parent)
