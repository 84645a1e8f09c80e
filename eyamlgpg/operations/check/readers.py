"""Which recipients file governs each file of a tree, and who its readers are; each resolved once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE, RecipientsFile
from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.governed import Around, Readers
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.recipients import Resolution
from eyamlgpg.model.resolve import resolve_all
from eyamlgpg.operations.ports import Files, Tree
from eyamlgpg.operations.tree.list_text import read_text, refuse_strange, require_small
from eyamlgpg.rules.access import few_people
from eyamlgpg.rules.access import order as access
from eyamlgpg.rules.recipients import lines as recipients_lines
from eyamlgpg.rules.recipients import pages
from eyamlgpg.rules.recipients.lines import View
from eyamlgpg.rules.tiers import GovernedFiles

ABOUT_THE_USER = frozenset({pages.WITHOUT_YOU.id})
"""What `recipients lint` tells its user, and what is no fault of a tree."""

SAID_BETTER = {pages.SINGLE.id: few_people.RULE.id}
"""Where both are found, the second one says it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """By which keys readers are judged."""

    keys: Callable[[], Sequence[Key]]
    """The keyring; asked for only where something is encrypted."""
    now: datetime
    always_trust: bool
    """Whether validity is not judged."""
    puppetmasters: frozenset[Fingerprint] = frozenset()
    """Keys that the policy declares."""
    keys_in: str | None = None
    """The folder of the tree that these keys come from; None for the user's own keyring."""


class Governors:
    """The recipients files of one tree."""

    def __init__(self, tree: Tree, root: Path, files: Files, judgement: Judgement) -> None:
        self._tree = tree
        self._root = root
        self._files = files
        self._judgement = judgement
        self._by_folder: dict[str, str | None] = {}
        self._readers: dict[str, Readers] = {}
        self._governed: dict[str, list[str]] = {}
        self.failure: EyamlgpgError | None = None
        """Why the keyring cannot be used, once it was asked for in vain: then nobody can be judged."""

    def path_for(self, path: str) -> str | None:
        """The recipients file that governs a file: the nearest upwards, absolute where it is outside of the tree.

        With `/` at its end the path is a folder, and meant is what governs its files.
        """
        return self._nearest(str(PurePosixPath(f"{path}x" if path.endswith("/") else path).parent))

    def judges_by(self, path: str) -> bool:
        """Whether readers are judged by a file of the tree, so that a change of it concerns everybody."""
        folder = self._judgement.keys_in
        return folder is not None and path.startswith(f"{folder}/")

    def of(self, path: str) -> Readers | None:
        """Who should read a file; None where no recipients file governs it, or one that names nobody."""
        source = self.path_for(path)
        if source is None:
            return None
        if source not in self._readers:
            parsed = self._parsed(source)
            self._readers[source] = self._resolved(parsed)
        readers = self._readers[source]
        self._governed.setdefault(source, []).append(path)
        return readers if readers.resolutions else None

    def governed(self) -> tuple[GovernedFiles, ...]:
        """Each recipients file that was asked for, with the files that it was asked for."""
        return tuple(
            GovernedFiles(source, source, self._readers[source].resolutions, tuple(paths))
            for source, paths in self._governed.items()
        )

    def is_outside(self, readers: Readers) -> bool:
        """Whether a recipients file stands outside of the tree."""
        return PurePosixPath(readers.source).is_absolute()

    def findings(self, path: str) -> Iterator[Finding]:
        """What is doubtful in a recipients file of the tree."""
        parsed = self._parsed(path)
        readers = self._readers[path] = self._resolved(parsed)
        self._governed.setdefault(path, [])
        certified = self._certified if parsed.recipients else CertifiedNames()
        view = View(self._judgement.now, has_secret_keys=False, certified=certified, keys_in=self._judgement.keys_in)
        together = tuple(access.find_in_recipients(readers)) if readers.resolutions else ()
        said = {finding.rule for finding in together} | ABOUT_THE_USER
        for finding in recipients_lines.findings(parsed, readers.resolutions, view):
            if finding.rule not in said and SAID_BETTER.get(finding.rule) not in said:
                yield finding
        yield from together

    def named(self, path: str) -> tuple[Resolution, ...]:
        """Whom a recipients file of the tree names."""
        return self._resolved(self._parsed(path)).resolutions

    def named_by(self, text: str, path: str) -> tuple[Resolution, ...]:
        """Whom a recipients file with this text names."""
        return self._resolved(recipients_file.parse(text, path)).resolutions

    def _nearest(self, folder: str) -> str | None:
        if folder not in self._by_folder:
            candidate = str(PurePosixPath(folder) / RECIPIENTS_FILE)
            if self._tree.has(candidate):
                self._by_folder[folder] = candidate
            elif folder == ".":
                self._by_folder[folder] = self.outside
            else:
                self._by_folder[folder] = self._nearest(str(PurePosixPath(folder).parent))
        return self._by_folder[folder]

    @cached_property
    def outside(self) -> str | None:
        """The recipients file above the tree, which governs what none inside does."""
        found = self._files.nearest_upwards(self._root.parent, RECIPIENTS_FILE)
        return None if found is None else str(found)

    def _parsed(self, source: str) -> RecipientsFile:
        if PurePosixPath(source).is_absolute():
            return recipients_file.parse(read_text(Path(source), source, self._files), source)
        text = require_small(self._tree.read(source), source)
        if self._files.leads_out(self._root / source):
            refuse_strange(text, source)
        return recipients_file.parse(text, source)

    def _resolved(self, parsed: RecipientsFile) -> Readers:
        if not parsed.recipients:
            return Readers.of(parsed.source, (), Around(KeyIndex(())))
        judgement = self._judgement
        found = resolve_all(parsed.recipients, self._keys(), now=judgement.now, always_trust=judgement.always_trust)
        return Readers.of(parsed.source, found, self._around)

    @cached_property
    def _certified(self) -> CertifiedNames:
        return CertifiedNames(self._keys())

    @cached_property
    def _around(self) -> Around:
        judgement = self._judgement
        return Around(KeyIndex(self._keys()), judgement.puppetmasters, judgement.keys_in)

    def _keys(self) -> Sequence[Key]:
        if self.failure is not None:
            raise self.failure
        try:
            return self._judgement.keys()
        except EyamlgpgError as error:
            self.failure = error
            raise
