"""Who should read what stands in each folder of a tree: every recipients file is read and resolved once a run."""

import os
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.access import Audience, KeyIndex
from eyamlgpg.model.messages import RecipientSubkeys
from eyamlgpg.operations.paths import shown
from eyamlgpg.operations.ports import Files, Keyring
from eyamlgpg.operations.tree.source import RecipientsRequest, Wanted, find_wanted


@dataclass(frozen=True, slots=True)
class Policy:
    """What governs a folder: a recipients file, or the option that stands for all of them."""

    file: Path | None
    """None where an option names the recipients, and where there is nothing at all."""
    wanted: Wanted | None
    """None where anything is wrong with the recipients: then nobody can be judged by them."""
    audience: Audience | None
    readers: RecipientSubkeys = ()
    """The subkeys to encrypt to; nobody where there is an error."""
    error: EyamlgpgError | None = None
    name: str = ""
    """The file as the user would write it."""
    real: Path | None = None
    """The file with its links resolved: two folders may share one file by a link."""


class Policies:
    """The policies of one run."""

    def __init__(self, request: RecipientsRequest, files: Files, keyring: Keyring) -> None:
        self._request = request
        self._files = files
        self._keyring = keyring
        self._index: KeyIndex | None = None
        self._by_folder: dict[Path, Policy] = {}
        self._by_file: dict[Path | None, Policy] = {}

    @property
    def index(self) -> KeyIndex:
        """The owners of key IDs, from one listing."""
        if self._index is None:
            self._index = KeyIndex(self._keyring.keys())
        return self._index

    @property
    def knows_own_keys(self) -> bool:
        """Whether the keyring tells any secret key: a forwarded agent's are not told, and open values all the same."""
        return any(key.has_secret for key in tuple(self._keyring.keys()))

    def of(self, folder: Path) -> Policy:
        """What governs the files of a folder, whose links are resolved; an error is part of the policy."""
        if folder not in self._by_folder:
            self._by_folder[folder] = self._found(folder)
        return self._by_folder[folder]

    def known(self) -> tuple[Policy, ...]:
        """Those that were asked for so far, each once, without errors."""
        each_once = {id(policy): policy for policy in self._by_folder.values() if policy.error is None}
        return tuple(each_once.values())

    def _found(self, folder: Path) -> Policy:
        try:
            file = self._file(folder)
            if file is None or file not in self._by_file:
                policy = self._resolved(folder, file)
                if file is None and self._request.listed is None:
                    return policy
                self._by_file[file] = policy
            return self._by_file[file]
        except EyamlgpgError as error:
            return Policy(None, None, None, error=error, name=str(folder))

    def _file(self, folder: Path) -> Path | None:
        if self._request.listed is not None:
            return None
        return self._request.file or self._files.nearest_upwards(folder, RECIPIENTS_FILE)

    def _resolved(self, folder: Path, file: Path | None) -> Policy:
        try:
            wanted = find_wanted(self._request, folder, self._files, self._keyring)
        except EyamlgpgError as error:
            return Policy(file, None, None, error=error, name=self._name(file), real=_real(file))
        readers = tuple(reader.subkey for reader in wanted.readers)
        audience = Audience(wanted.readers, self.index)
        return Policy(file, wanted, audience, readers, name=wanted.source.description, real=_real(file))

    def _name(self, file: Path | None) -> str:
        if file is None:
            return self._request.listed_in if self._request.listed is not None else "no recipients"
        return shown(file, self._request.working)


def _real(file: Path | None) -> Path | None:
    return None if file is None else Path(os.path.realpath(file))
