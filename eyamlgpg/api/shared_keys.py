"""Which files' values share a session key: what the policy of each file's own tree says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from eyamlgpg.errors import EyamlgpgError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from eyamlgpg.trees.around import Trees

_FOLDER = ".eyamlgpg"


class TreePolicies:
    """`gpg.sealing.shared.Policies`; each tree's policy is read once, and only where there is one."""

    def __init__(self, trees: Trees, environ: Mapping[str, str], warn: Callable[[str], None]) -> None:
        """`warn` is given a sentence for a policy that cannot be read; each value has its own session key then."""
        self._trees = trees
        self._environ = environ
        self._warn = warn
        self._shared: dict[Path, bool] = {}

    def is_shared(self, path: Path) -> bool:
        """Whether the values of this file are to share a session key."""
        root = self._trees.root(path)
        if root not in self._shared:
            # Most trees have no policy, and need none of what reads one.
            self._shared[root] = os.path.lexists(root / _FOLDER) and self._says(root)
        return self._shared[root]

    def _says(self, root: Path) -> bool:
        from eyamlgpg.model.policy import SessionKeys
        from eyamlgpg.operations.tree.settings import POLICY, TreeSettings
        from eyamlgpg.repo.git import find_repository
        from eyamlgpg.trees.working import WorkingTree

        if not os.path.lexists(root / POLICY):
            return False
        tree = WorkingTree(root, find_repository(root, self._environ))
        try:
            policy = TreeSettings(tree).policy
        except EyamlgpgError as error:
            self._warn(f"{error}; each new value gets a session key of its own")
            return False
        finally:
            tree.close()
        return policy is not None and policy.session_keys is SessionKeys.PER_FILE
