"""`check`: every rule over the files of a tree, with no private key."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.formats.eyaml.markers import OPENER
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.settings.baseline import BASELINE_FILE
from eyamlgpg.formats.text import decode, holds
from eyamlgpg.formats.yaml.structure import Mapping as YamlMapping
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.check import exceptions as check_exceptions
from eyamlgpg.operations.check.affected import Reach, reach
from eyamlgpg.operations.check.baseline import Baseline
from eyamlgpg.operations.check.border import Border
from eyamlgpg.operations.check.changes import changes
from eyamlgpg.operations.check.exceptions import NewException
from eyamlgpg.operations.check.hiera_data import OURS, SETTINGS, data_links, has_ending
from eyamlgpg.operations.check.knowledge import gather
from eyamlgpg.operations.check.links import Links
from eyamlgpg.operations.check.lists import list_findings
from eyamlgpg.operations.check.own_files import secrets_among_ours, secrets_by_form
from eyamlgpg.operations.check.report import CheckReport, Reported, Tally, Terms
from eyamlgpg.operations.check.unstaged import unstaged
from eyamlgpg.operations.ports import CheckedTree
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.selection import PassedOver
from eyamlgpg.rules import catalogue, tiers
from eyamlgpg.rules.access import no_recipients, outside
from eyamlgpg.rules.access import order as access
from eyamlgpg.rules.format import among_settings, not_judged
from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import editor_leftover
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.plaintext.was_encrypted import NOTHING_BEFORE, Before
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.reading.exceptions import Applied
from eyamlgpg.rules.reading.excerpt import excerpt
from eyamlgpg.rules.reading.subject import Subject

T = TypeVar("T")


class Check:
    """One run over one tree."""

    def __init__(self, tree: CheckedTree, governance: Governance, baseline: Baseline, terms: Terms) -> None:
        self._tree = tree
        self._governance = governance
        self._baseline = baseline
        self._terms = terms
        self._tally = Tally()
        self._border = Border()
        self._looked_into: set[str] = set()

    def run(self) -> CheckReport:
        """Look at every chosen file; what cannot be read is an error of the result, and the others are looked at."""
        reached = reach(self._tree, self._governance, self._baseline)
        knowledge = gather(self._tree, self._terms.names, reached.files, self._border)
        reported = [one for path in reached.files for one in self._safely(path, knowledge)]
        reported += [Reported(not_judged.finding(*one), None) for one in self._border.unjudged.items()]
        reported += self._kept(self._by_keys(self._tiers), None)
        asked = {*reached.files, *reached.gone, *self._tree.chosen()}
        is_next = self._terms.is_next_commit
        links = Links(self._tree, self._governance, asked, self._border.errors)
        reported += self._kept(self._by_keys(lambda: links.elsewhere(is_next_commit=is_next)), None)
        looked_into = frozenset((*self._looked_into, *self._gone(reached)))
        reported += [Reported(finding, None) for finding in self._baseline.stale(looked_into)]
        tally = self._tally
        changed = (
            *self._by_keys(lambda: changes(self._tree, self._governance, self._border, is_next_commit=is_next)),
            *self._by_keys(links.changes),
        )
        if self._governance.resolver.failure is not None:
            # What an exception or an entry is for may be what could not be judged.
            reported = [one for one in reported if one.finding.rule != exceptions.STALE.id]
        over = tally.passed_over
        counts = (tally.files, tally.values, tally.excepted, over.total(), tuple(over.most_common()))
        excepted = (*self._excepted_anew(), *tally.new_exceptions)
        left_out = (f"{link}: leads out of the tree, or nowhere, and is left out" for link in reached.left_out)
        warnings = (*left_out, *unstaged(self._tree, self._governance), *self._passed_over())
        return CheckReport(tuple(reported), *counts, changed, excepted, self._told(), warnings, looked_into)

    def _by_keys(self, look: Callable[[], Iterable[T]]) -> list[T]:
        """What is found by the keyring; where that cannot be used, nothing, which is told once."""
        try:
            return [] if self._governance.resolver.failure else [*look()]
        except EyamlgpgError as error:
            if error is not self._governance.resolver.failure:
                raise
            self._border.errors.append(error)
            return []

    def _gone(self, reached: Reach) -> Iterator[str]:
        """What was asked for and is there no more; of a whole tree, the files of the baseline that are not there."""
        yield from reached.gone
        if self._baseline.is_whole:
            files = {entry.file for entry in self._baseline.entries}
            yield from (path for path in files if not self._tree.has(path))

    def _passed_over(self) -> Iterator[str]:
        """Reports repositories and YAML files that were not looked into, so that no news is not good news."""
        tally = self._tally
        yield from (PassedOver(Path(one), one).warning("eyamlgpg check") for one in self._tree.repositories())
        if tally.ungoverned:
            yield (
                "YAML files that no recipients file governs and that hold nothing encrypted were not looked into: "
                f"{tally.ungoverned:,}; name one to have it looked into"
            )

    def _told(self) -> tuple[EyamlgpgError, ...]:
        """What stood in the way, each once: many files may have one recipients file that cannot be read."""
        closed = (FileProblem(f"{folder}: cannot be read: {why}") for folder, why in self._tree.closed().items())
        return tuple({str(error): error for error in (*closed, *self._border.errors)}.values())

    def _safely(self, path: str, knowledge: Knowledge) -> Sequence[Reported]:
        found = self._border.around(path, lambda: self._file(path, knowledge))
        if found is None:
            return ()
        self._looked_into.add(path)
        return found

    def _file(self, path: str, knowledge: Knowledge) -> Sequence[Reported] | None:
        """What is found in a file; None where it is passed over."""
        links = self._links.get(path, ())
        if path.startswith(OURS) and not links and not self._is_data_among_ours(path):
            return self._kept([*secrets_among_ours(path, self._tree.read(path))], None)
        if editor_leftover.is_leftover(path):
            return self._kept([editor_leftover.finding(path)], None)
        if PurePosixPath(path).name == RECIPIENTS_FILE:
            return self._recipients(path)
        if not (has_ending(path) or self._tree.is_named(path) or links):
            return None
        text = decode(self._tree.read(path))
        is_hiera = any(self._is_hiera(name) for name in (path, *links))
        if not (is_hiera or holds(text, "ENC[") or ("DEC" in text and OPENER.search(text))):
            return self._of_another_name(path, text, knowledge)
        return self._data(Subject.read(path, text), knowledge)

    def _of_another_name(self, path: str, text: str, knowledge: Knowledge) -> Sequence[Reported] | None:
        """A file that nothing says is Hiera data: passed over, unless it is named and holds keys at its top level."""
        if not self._tree.is_named(path):
            self._tally.ungoverned += 1
            return None
        subject = Subject.read(path, text)
        is_mapping = subject.structure is not None and isinstance(subject.structure.root, YamlMapping)
        return self._data(subject, knowledge) if is_mapping else ()

    def _data(self, subject: Subject, knowledge: Knowledge) -> Sequence[Reported]:
        self._tally.files += 1
        self._tally.values += len(subject.scan.values)
        before = self._before(subject)
        in_clear = list(clear_text.find(subject, knowledge, before))
        self._tally.passed_over.update(clear_text.passed_over(subject, knowledge, in_clear, before))
        ours = [among_settings.finding(subject.path)] if self._is_data_among_ours(subject.path) else []
        access = self._by_keys(lambda: self._access(subject))
        return self._kept([*ours, *in_clear, *file_format.find(subject), *access], subject)

    @cached_property
    def _links(self) -> Mapping[str, Sequence[str]]:
        return data_links(self._tree)

    def _is_data_among_ours(self, path: str) -> bool:
        return path.startswith(OURS) and has_ending(path) and path not in (*SETTINGS, self._baseline.source)

    def _is_hiera(self, path: str) -> bool:
        """Whether a file is to be read as Hiera data whether or not anything in it is encrypted."""
        return path.lower().endswith(".eyaml") or (
            has_ending(path)
            and (
                self._tree.is_named(path)
                or self._governance.path_for(path) is not None
                or self._is_data_among_ours(path)
            )
        )

    def _recipients(self, path: str) -> Sequence[Reported] | None:
        findings = self._by_keys(lambda: list_findings(path, self._governance))
        place = self._tree.links().get(path)
        if place is not None and PurePosixPath(place).name == RECIPIENTS_FILE:
            return None  # it is looked at in its own place
        self._tally.files += 1
        text = decode(self._tree.read(path))
        findings += secrets_by_form(path, text, clear_text.BY_LINE)
        return self._kept(findings, Subject.read_lines(path, text))

    def _access(self, subject: Subject) -> Iterator[Finding]:
        if not subject.messages:
            return
        readers = self._governance.of_file(subject.path)
        if readers is None or not readers.resolutions:
            yield no_recipients.finding(subject.path, None if readers is None else readers.source)
            return
        if PurePosixPath(readers.source).is_absolute():
            yield outside.finding(subject.path, readers.source)
        yield from access.find(subject, readers)

    def _tiers(self) -> Iterator[Finding]:
        """The tier rules of the policy; that one is about no path can be said only where all paths are looked at."""
        if self._terms.policy is not None:
            yield from tiers.tier_findings(self._terms.policy, self._governed(), whole_tree=self._baseline.is_whole)

    def _governed(self) -> Sequence[tiers.GovernedFiles]:
        """The lists that were asked for, as the tier rules see them."""
        asked = self._governance.asked()
        return [tiers.GovernedFiles(one.source, one.source, one.resolutions, paths) for one, paths in asked]

    def _kept(self, found: Sequence[Finding], subject: Subject | None) -> Sequence[Reported]:
        """What no exception allows, by line, each with its excerpt."""
        ordered = sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))
        applied = exceptions.apply(subject, ordered, catalogue.IDS) if subject else Applied(tuple(ordered), 0)
        if subject is not None:
            self._note_new_exceptions(subject)
        kept = self._baseline.left(applied.findings)
        self._tally.excepted += applied.allowed + len(applied.findings) - len(kept)
        return [Reported(finding, excerpt(subject, finding) if subject else None) for finding in kept]

    def _note_new_exceptions(self, subject: Subject) -> None:
        """A file without a past is a new one only in the next commit, and there only if it is changed at all."""
        if not exceptions.allowances(subject):
            return
        content = self._tree.before(subject.path)
        is_new = content is None and self._terms.is_next_commit and subject.path in self._chosen
        before = None if content is None else decode(content)
        self._tally.new_exceptions += check_exceptions.in_file(subject, before, is_new_file=is_new)

    def _excepted_anew(self) -> Iterator[NewException]:
        entries = self._baseline.entries if self._baseline.source == BASELINE_FILE else None
        is_next = self._terms.is_next_commit
        yield from check_exceptions.in_settings(self._tree, entries, self._terms.policy, is_next_commit=is_next)

    @cached_property
    def _chosen(self) -> frozenset[str]:
        return frozenset(self._tree.chosen())

    def _before(self, subject: Subject) -> Before:
        content = self._tree.before(subject.path)
        if content is None or b"ENC[" not in content:
            return NOTHING_BEFORE
        return Before.of(Subject.skim(subject.path, decode(content)), subject)
