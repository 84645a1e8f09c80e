"""The Python API: the values of a repository read, set and judged from other programs.

What `__all__` names is public and keeps its meaning under semantic versioning. Everything else of the package may
change in any version.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eyamlgpg.api.ports import Notices, Opener
    from eyamlgpg.api.repository import Repository
    from eyamlgpg.api.results import (
        Access,
        Before,
        CheckResult,
        Finding,
        Reader,
        SetResult,
        Value,
        WhoResult,
    )
    from eyamlgpg.errors import (
        BrokenOff,
        ChangedMeanwhile,
        ConfigError,
        DamagedMessage,
        DecryptionError,
        EyamlgpgError,
        FileProblem,
        FormatError,
        GnupgError,
        KeyPathError,
        LockError,
        NoSecretKey,
        NotApproved,
        OversizedPlaintext,
        RecipientError,
        Several,
        UsageError,
        WrongPassphrase,
    )
    from eyamlgpg.model.findings import Severity

__all__ = [
    "Access",
    "Before",
    "BrokenOff",
    "ChangedMeanwhile",
    "CheckResult",
    "ConfigError",
    "DamagedMessage",
    "DecryptionError",
    "EyamlgpgError",
    "FileProblem",
    "Finding",
    "FormatError",
    "GnupgError",
    "KeyPathError",
    "LockError",
    "NoSecretKey",
    "NotApproved",
    "Notices",
    "Opener",
    "OversizedPlaintext",
    "Reader",
    "RecipientError",
    "Repository",
    "SetResult",
    "Several",
    "Severity",
    "UsageError",
    "Value",
    "WhoResult",
    "WrongPassphrase",
]

_RESULTS = ("Access", "Before", "CheckResult", "Finding", "Reader", "SetResult", "Value", "WhoResult")
_PLACES = {
    **dict.fromkeys(("Notices", "Opener"), "eyamlgpg.api.ports"),
    "Repository": "eyamlgpg.api.repository",
    "Severity": "eyamlgpg.model.findings",
    **dict.fromkeys(_RESULTS, "eyamlgpg.api.results"),
}
"""Where a public name is defined; errors are not listed."""

if not TYPE_CHECKING:  # a type checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for: the command line uses the wiring in here without them."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_PLACES.get(name, "eyamlgpg.errors")), name)
