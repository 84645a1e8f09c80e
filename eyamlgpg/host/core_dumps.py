"""Core dumps, which would hold plaintext."""

import resource


def forbid_core_dumps() -> None:
    """Let neither this process nor an editor that it starts write its memory to disk when it crashes."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
