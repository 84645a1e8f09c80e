"""`keys generate`: what is to be made where, decided before anything is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FormatError, UsageError, raise_all
from eyamlgpg.formats.gnupg.key_parameters import KeyRequest, parameter_file

NAME = "{name}"
"""What stands for each key's name in `--homedir`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One key to be made."""

    request: KeyRequest
    homedir: Path
    parameters: str
    """The text that gpg's batch mode reads."""


def plan(requests: Sequence[KeyRequest], homedir: str) -> tuple[Planned, ...]:
    """Each key with its GnuPG home; raises every doubt about a name, UsageError for tiers that would share a home."""
    if len(requests) > 1 and NAME not in homedir:
        raise UsageError(
            f"{len(requests)} keys in one GnuPG home would open the same values",
            f"give each its own: --homedir '/etc/puppetlabs/puppet/gpg/{NAME}'",
        )
    names = [request.name for request in requests]
    errors: list[EyamlgpgError] = [
        UsageError(f"{name!a} is named twice") for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    planned: list[Planned] = []
    for request in requests:
        try:
            planned.append(Planned(request, _place(homedir, request.name), parameter_file(request)))
        except EyamlgpgError as error:
            errors.append(error)
    raise_all(errors)
    return tuple(planned)


def _place(homedir: str, name: str) -> Path:
    if NAME not in homedir:
        return Path(homedir)
    if "/" in name or name.startswith((".", "-")):
        raise FormatError(f"the name {name!a} cannot be a folder's, as {NAME} in --homedir asks")
    return Path(homedir.replace(NAME, name))
