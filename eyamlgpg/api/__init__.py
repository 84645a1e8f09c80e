"""The Python API: the values of a repository read, set and judged from other programs.

What `__all__` names is public and keeps its meaning under semantic versioning. Everything else of the package may
change in any version.
"""

from eyamlgpg.api.ports import Notices
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
