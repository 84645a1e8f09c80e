"""Values that somebody can still read whom no list names any more, as after a `recipients remove` that was killed."""

import shlex
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from eyamlgpg.model.claimed_names import without_claims
from eyamlgpg.model.matching import Identifier
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.readers.recrypt_plan import FilePlan, RecryptRequest, make_plan
from eyamlgpg.operations.recipients.apply import ApplyPorts
from eyamlgpg.operations.recipients.folders import outermost
from eyamlgpg.operations.recipients.target import TargetList
from eyamlgpg.operations.tree.governance import DiskLists, Governance
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.operations.tree.source import RecipientsRequest


class Remainder:
    """What is due under some lists, looked at when it is first asked for; no secret key is needed."""

    def __init__(self, places: Sequence[TargetList], recipients: RecipientsRequest, ports: ApplyPorts) -> None:
        """`places`: the lists whose values are looked at; those of folders alone."""
        self._lists = {ports.trees.real(place.path): place for place in places if place.folder is not None}
        self._recipients = recipients
        self._ports = ports

    def hints(self, name: str) -> tuple[str, ...]:
        """How to go on where no list names somebody, and values are encrypted to them all the same."""
        found = self._read_by(name, self._lists)
        if not found:
            return ()
        values = sum(found.values())
        what = "1 value is" if values == 1 else f"{values:,} values are"
        return (f"{what} still encrypted to them, as after a removal that was interrupted: {self._command(found)}",)

    def warnings(self, names: Iterable[str], changed: Iterable[Path]) -> tuple[str, ...]:
        """The same of the lists that a change leaves as they are, which may have been changed by an earlier run."""
        done = {self._ports.trees.real(path) for path in changed}
        left = [path for path in self._lists if path not in done]
        said = []
        for name in names:
            if found := self._read_by(name, left):
                where = ", ".join(self._lists[path].name for path in found)
                said.append(
                    f"{where}: does not name {name}, and {sum(found.values()):,} of its values can still be read by "
                    f"them: {self._command(found)}"
                )
        return tuple(said)

    def _read_by(self, name: str, lists: Iterable[Path]) -> dict[Path, int]:
        """How many values under each list somebody can read who should not."""
        matches = without_claims(self._ports.resolver.names.find(name).matches)
        fingerprints = {match.key.fingerprint for match in matches}
        identifier = Identifier.read(name)
        wanted = set(lists)
        counts: dict[Path, int] = {}
        for planned in self._due:
            path = planned.governed.real
            tally = planned.tally
            count = sum(tally.unexpected[fingerprint] for fingerprint in fingerprints)
            if identifier is not None and not matches:
                count += sum(number for key_id, number in tally.unknown.items() if identifier.digits.endswith(key_id))
            if path in wanted and path is not None and count:
                counts[path] = counts.get(path, 0) + count
        return counts

    @cached_property
    def _due(self) -> tuple[FilePlan, ...]:
        ports = self._ports
        folders = outermost([place.folder for place in self._lists.values() if place.folder], ports.trees, ports.files)
        here = [Path(short_path(folder, ports.here)) for folder in folders]
        governance = Governance(DiskLists(self._recipients, ports.files), ports.resolver)
        request = RecryptRequest(governed_by=frozenset(self._lists))
        return make_plan(select_files(here, ports.trees, ports.files), request, governance, ports.files).files

    def _command(self, found: Iterable[Path]) -> str:
        folders = [folder for path in found if (folder := self._lists[path].folder) is not None]
        every = outermost(folders, self._ports.trees, self._ports.files)
        return f"eyamlgpg recrypt {shlex.join(short_path(folder, self._ports.here) for folder in every)}"
