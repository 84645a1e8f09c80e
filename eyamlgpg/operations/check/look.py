"""One file of a check: every rule over it, and the exceptions that stand in it."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath

from eyamlgpg.formats.eyaml.markers import OPENER
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.text import decode, holds
from eyamlgpg.formats.yaml.structure import Mapping as YamlMapping
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.check import exceptions as check_exceptions
from eyamlgpg.operations.check.exceptions import NewException
from eyamlgpg.operations.check.hiera_data import OURS, SETTINGS, data_links, has_ending
from eyamlgpg.operations.check.knowledge import Gathering
from eyamlgpg.operations.check.lists import list_findings
from eyamlgpg.operations.check.own_files import secrets_among_ours, secrets_by_form
from eyamlgpg.operations.check.report import Reported, Terms
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.rules import catalogue
from eyamlgpg.rules.access import no_recipients, outside, pkcs7
from eyamlgpg.rules.access import order as access
from eyamlgpg.rules.format import among_settings
from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.knowledge.encrypted_keys import AskedKeys
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import editor_leftover
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.plaintext.was_encrypted import NOTHING_BEFORE, Before
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.reading.excerpt import excerpt
from eyamlgpg.rules.reading.subject import Subject


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look at one file; the baseline has not been asked yet."""

    found: tuple[Reported, ...] = ()
    """What no exception in the file allows, by line."""
    allowed: int = 0
    """Findings that an exception allows."""
    harmless: tuple[str, ...] = ()
    """The pattern of the policy for each value that would be a finding without it."""
    new_exceptions: tuple[NewException, ...] = ()
    asked: "array[int]" = field(default_factory=lambda: array("q"))
    """The hashes of the keys that were asked for before all files were known."""
    others: tuple[tuple[Finding, ...], tuple[Finding, ...]] = ((), ())
    """What the other rules found, whatever is known of the tree: before those on clear text, and behind them."""


UNGOVERNED = Looked()
"""Of a file that nothing says is Hiera data."""


@dataclass(slots=True)
class Counts:
    """How much was looked into, each file once."""

    files: int = 0
    values: int = 0


@dataclass(frozen=True)
class Look:
    """Looks at the files of one tree, one after the other."""

    tree: CheckedTree
    governance: Governance
    terms: Terms
    baseline: str
    """The baseline as findings name it, which is no data."""
    by_keys: Callable[[Callable[[], Iterable[Finding]]], list[Finding]]
    """What is found by the keyring; where that cannot be used, nothing."""
    counts: Counts = field(default_factory=Counts)

    def at(self, path: str, gathering: Gathering) -> Looked | None:
        """What is found in a file as long as no key is known to be encrypted elsewhere; None where it is passed over.

        UNGOVERNED where that is to be told.
        """
        links = self._links.get(path, ())
        if path.startswith(OURS) and not links and not self._is_data_among_ours(path):
            return self._kept([*secrets_among_ours(path, self.tree.read(path))], Looked(), None)
        if editor_leftover.is_leftover(path):
            return self._kept([editor_leftover.finding(path)], Looked(), None)
        if PurePosixPath(path).name == RECIPIENTS_FILE:
            return self._recipients(path)
        if not (has_ending(path) or self.tree.is_named(path) or links):
            return None
        text = decode(self.tree.read(path))
        is_hiera = any(self._is_hiera(name) for name in (path, *links))
        is_hiera = is_hiera or holds(text, "ENC[") or ("DEC" in text and OPENER.search(text) is not None)
        if not (is_hiera or self._held_values(path)):
            return self._of_another_name(path, text, gathering)
        return self._data(Subject.read(path, text), gathering)

    def again(self, path: str, knowledge: Knowledge, looked: Looked) -> Looked:
        """The same for a file of which `at` gave the second argument, with all that is known."""
        subject = Subject.read(path, decode(self.tree.read(path)))
        return self._judged(subject, knowledge, replace(looked, asked=array("q")))

    def _of_another_name(self, path: str, text: str, gathering: Gathering) -> Looked:
        """A file that nothing says is Hiera data: passed over, unless it is named and holds keys at its top level."""
        if not self.tree.is_named(path):
            return UNGOVERNED
        subject = Subject.read(path, text)
        is_mapping = subject.structure is not None and isinstance(subject.structure.root, YamlMapping)
        return self._data(subject, gathering) if is_mapping else Looked()

    def _data(self, subject: Subject, gathering: Gathering) -> Looked:
        gathering.hear(subject)
        self.counts.files += 1
        self.counts.values += len(subject.scan.values)
        asked = AskedKeys()
        ours = (among_settings.finding(subject.path),) if self._is_data_among_ours(subject.path) else ()
        policy = self.terms.policy
        of_pkcs7 = pkcs7.find(subject) if policy is not None and policy.reports_pkcs7 else ()
        behind = (*file_format.find(subject), *of_pkcs7, *self.by_keys(lambda: self._access(subject)))
        looked = Looked(asked=asked.hashes, others=(ours, behind))
        return self._judged(subject, Knowledge(gathering.names, asked, gathering.sensitive), looked)

    def _judged(self, subject: Subject, knowledge: Knowledge, looked: Looked) -> Looked:
        before = self._before(subject)
        in_clear = list(clear_text.find(subject, knowledge, before))
        harmless = tuple(clear_text.passed_over(subject, knowledge, in_clear, before))
        ours, behind = looked.others
        return self._kept([*ours, *in_clear, *behind], replace(looked, harmless=harmless), subject)

    def _recipients(self, path: str) -> Looked | None:
        findings = self.by_keys(lambda: list_findings(path, self.governance, self.terms.roster))
        place = self.tree.links().get(path)
        if place is not None and PurePosixPath(place).name == RECIPIENTS_FILE:
            return None  # it is looked at in its own place
        self.counts.files += 1
        text = decode(self.tree.read(path))
        findings += secrets_by_form(path, text, clear_text.BY_LINE)
        return self._kept(findings, Looked(), Subject.read_lines(path, text))

    def _kept(self, found: Sequence[Finding], looked: Looked, subject: Subject | None) -> Looked:
        """What no exception in the file allows, by line, each with its excerpt."""
        ordered = in_order(found)
        if subject is None:
            return replace(looked, found=tuple(Reported(finding, None) for finding in ordered))
        applied = exceptions.apply(subject, ordered, catalogue.IDS)
        return replace(
            looked,
            found=tuple(Reported(finding, excerpt(subject, finding)) for finding in applied.findings),
            allowed=applied.allowed,
            new_exceptions=tuple(self._new_exceptions(subject)),
        )

    def _new_exceptions(self, subject: Subject) -> Iterable[NewException]:
        """A file without a past is a new one only in the next commit, and there only if it is changed at all."""
        if not exceptions.allowances(subject):
            return ()
        content = self.tree.before(subject.path)
        is_new = content is None and self.terms.is_next_commit and subject.path in self._chosen
        before = None if content is None else decode(content)
        return check_exceptions.in_file(subject, before, is_new_file=is_new)

    @cached_property
    def _links(self) -> Mapping[str, Sequence[str]]:
        return data_links(self.tree)

    def _is_data_among_ours(self, path: str) -> bool:
        return path.startswith(OURS) and has_ending(path) and path not in (*SETTINGS, self.baseline)

    def _is_hiera(self, path: str) -> bool:
        """Whether a file is to be read as Hiera data whether or not anything in it is encrypted."""
        return path.lower().endswith(".eyaml") or (
            has_ending(path)
            and (
                self.tree.is_named(path) or self.governance.path_for(path) is not None or self._is_data_among_ours(path)
            )
        )

    def _access(self, subject: Subject) -> Iterator[Finding]:
        if not subject.messages:
            return
        readers = self.governance.of_file(subject.path)
        if readers is None or not readers.resolutions:
            yield no_recipients.finding(subject.path, None if readers is None else readers.source)
            return
        if PurePosixPath(readers.source).is_absolute():
            yield outside.finding(subject.path, readers.source)
        yield from access.find(subject, readers)

    @cached_property
    def _chosen(self) -> frozenset[str]:
        return frozenset(self.tree.chosen())

    def _held_values(self, path: str) -> bool:
        """Whether the last commit had encrypted values in a file's place: one without any more is still Hiera data."""
        content = self.tree.before(path)
        return content is not None and holds(decode(content), "ENC[")

    def _before(self, subject: Subject) -> Before:
        content = self.tree.before(subject.path)
        if content is None or b"ENC[" not in content:
            return NOTHING_BEFORE
        return Before.of(Subject.skim(subject.path, decode(content)), subject)


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """By line and column; those of one place as they were found."""
    return sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))
