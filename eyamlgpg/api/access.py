"""Who can read the values of a tree: what `who` does, and `Repository.who`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.operations.readers.who import report_access
from eyamlgpg.operations.tree.selection import select_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eyamlgpg.api.run import Run
    from eyamlgpg.operations.readers.access import AccessReport, AccessRequest


def access_report(run: Run, paths: Sequence[Path], request: AccessRequest) -> AccessReport:
    """Who can read each value below the paths that is asked about, told from its ciphertext."""
    selection = select_files(paths, run.trees, run.files)
    run.warn_of_links(*paths, *selection.linked)

    def recipients_files() -> list[Path]:
        roots = {run.trees.root(path) for path in paths if run.files.exists(path)}
        return [file for root in roots for file in run.trees.named(root, RECIPIENTS_FILE)]

    return report_access(selection, request, run.governance, run.files, recipients_files)
