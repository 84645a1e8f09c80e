"""Who must sign a list that git merges, by the policy of the working tree: git runs its drivers at the top of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eyamlgpg.errors import EyamlgpgError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eyamlgpg.cli.messages import Messages
    from eyamlgpg.model.keys import Key


def approvers_here(options: dict[str, Any], messages: Messages) -> str | None:
    """The approvers, each with the name on the user's keyring; None where no policy names any."""
    from eyamlgpg.formats.settings import policy
    from eyamlgpg.formats.text import decode
    from eyamlgpg.host.bounded_files import BoundedDiskFiles
    from eyamlgpg.operations.approvals.signers import names_of
    from eyamlgpg.operations.tree.settings import LARGEST_POLICY, POLICY

    path = Path(POLICY)
    try:
        if not path.exists():
            return None
        content = BoundedDiskFiles().read_bounded(path, LARGEST_POLICY, follow_link=False)
        approvers = policy.parse(decode(content), POLICY.as_posix()).signed_by
    except (EyamlgpgError, OSError) as error:
        why = error.sentence if isinstance(error, EyamlgpgError) else f"{path}: {error.strerror}"
        messages.warn(f"whether the merged list must be signed cannot be told: {why}")
        return None
    return names_of(approvers, _keys(options, messages)) if approvers else None


def _keys(options: dict[str, Any], messages: Messages) -> Sequence[Key]:
    from eyamlgpg.api.gateways import Gateways
    from eyamlgpg.cli.settings import read_settings

    home = Path(os.environ.get("HOME") or "/")
    try:
        return Gateways(read_settings(options, os.environ, home), messages, os.environ).keyring.keys()
    except EyamlgpgError:
        return ()
