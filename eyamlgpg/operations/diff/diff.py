"""How two moments of a tree differ: recipients first, then each value, then other text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.model.diff import FOLLOWING, Diff, Kind, ListChange, TextChange, ValueChange
from eyamlgpg.model.keys import KeyId
from eyamlgpg.operations.diff.lists import ComparedLists, settings
from eyamlgpg.operations.diff.matching import Matched, match, match_opened
from eyamlgpg.operations.diff.opened import Opened, Watch
from eyamlgpg.operations.diff.readers import Readers
from eyamlgpg.operations.diff.values import Standing, Version, read_version
from eyamlgpg.operations.ports import Decrypter, Files
from eyamlgpg.operations.readers.past_values import may_hold_values
from eyamlgpg.operations.tree.selection import ALWAYS, IF_ENCRYPTED
from eyamlgpg.operations.tree_ports import Tree

_SETTINGS = ".eyamlgpg/"


@dataclass(frozen=True, slots=True)
class Moments:
    """The two trees, and the paths that differ."""

    before: Tree | None
    """None before the first commit."""
    after: Tree
    pairs: Sequence[tuple[str | None, str | None]]
    """Each file that differs, by its paths at both moments; None where it is not there."""
    linked: Sequence[str] = ()
    """Links that differ."""


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What is known before the first file is read."""

    run_key: bytes
    default: Method | None = None
    own: frozenset[KeyId] = frozenset()
    """The key IDs whose secret keys are at hand."""
    shows: bool = False
    """Whether the plaintexts are wanted."""
    covers: Callable[[str], bool] = lambda _path: True
    """Whether a path is among what was asked for."""


@dataclass(frozen=True, slots=True)
class DiffPorts:
    """What a diff needs of the world."""

    files: Files
    readers: Readers
    decrypter: Callable[[], Decrypter]
    watch: Watch


def diff(moments: Moments, request: DiffRequest, ports: DiffPorts) -> Diff:
    """Compare; what cannot be read is an error of the result, the others go on."""
    return _Run(moments, request, ports).run()


class _Run:
    """One comparison in the making."""

    def __init__(self, moments: Moments, request: DiffRequest, ports: DiffPorts) -> None:
        self._moments = moments
        self._request = request
        self._readers = ports.readers
        self._ports = ports
        self._lists = ComparedLists(moments.before, moments.after, ports.files, ports.readers)
        self._errors: dict[str, EyamlgpgError] = {}

    def run(self) -> Diff:
        paths = [path for pair in self._moments.pairs for path in pair if path is not None]
        changed = [path for path in (*paths, *self._moments.linked) if self._request.covers(path)]
        lists = tuple(self._lists.changes(changed))
        files = [file for pair in self._moments.pairs if (file := self._safely(*pair)) is not None]
        matched = match(files)
        values = [one for pair in matched.pairs for one in pair] + matched.gone + matched.new
        request, ports = self._request, self._ports
        opened = Opened(values, request.own, request.run_key, ports.decrypter, ports.watch, keeps=request.shows)
        unlike = [pair for pair in matched.pairs if pair[0].past.packet != pair[1].past.packet]
        opened.open(one for pair in unlike for one in pair)
        match_opened(matched, opened)
        if request.shows:
            opened.open(values)
        changes = [self._followed(one, lists) for one in self._changes(matched, files, opened)]
        order = tuple(Kind)
        changes.sort(key=lambda one: (order.index(one.kind), one.path, one.line))
        named = {id_ for one in changes for id_ in (*one.added_readers, *one.removed_readers)}
        told = () if opened.failure is None else (f"nothing more was opened: {opened.failure}",)
        unread = (
            f"{after.path}: is not YAML, so whether a value is in clear text now cannot be told"
            for before, after in files
            if after.text and after.structure is None and before.values
        )
        return Diff(
            lists,
            tuple(settings(self._moments.before, self._moments.after, changed)),
            tuple(changes),
            tuple(self._texts(files, changes)),
            tuple(party for id_, party in self._readers.parties.items() if id_ in named),
            tuple((old.path, new.path) for old, new in files if old.text and new.text and old.path != new.path),
            (*self._errors.values(), *self._lists.errors.values()),
            (*told, *unread),
            has_plaintexts=request.shows,
        )

    def _safely(self, old: str | None, new: str | None) -> tuple[Version, Version] | None:
        if not any(path is not None and _can_hold(path) and self._request.covers(path) for path in (old, new)):
            return None
        try:
            before = b"" if old is None or self._moments.before is None else self._moments.before.read(old)
            after = b"" if new is None else self._moments.after.read(new)
        except EyamlgpgError as error:
            self._errors[str(error)] = error
            return None
        if not (may_hold_values(before) or may_hold_values(after)):
            return None
        default = self._request.default
        one, other = (read_version(str(old or new), before, default), read_version(str(new or old), after, default))
        known = {str(error) for error in one.errors}
        self._errors |= {str(error): error for error in other.errors if str(error) not in known}
        return one, other

    def _changes(
        self, matched: Matched, files: Sequence[tuple[Version, Version]], opened: Opened
    ) -> Iterator[ValueChange]:
        names = {after.path: before.path for before, after in files}
        clear_now = {before.path: after.clear() for before, after in files if before.values}
        clear_then = {after.path: before.clear() for before, after in files if after.values}
        after_names = {before.path: after.path for before, after in files}
        for old, new in matched.pairs:
            change = self._pair(old, new, opened.same(old, new), names)
            if change is not None:
                yield replace(change, old=opened.plaintext(old), new=opened.plaintext(new))
        for one in matched.gone:
            scalar = clear_now[one.path].get(one.key or "")
            text = opened.plaintext(one)
            readers = self._readers.of(one)
            if scalar is None:
                change = ValueChange(one.path, one.key, one.line, Kind.REMOVED, None, removed_readers=readers, old=text)
            else:
                shown = scalar.value.encode("utf-8", "surrogateescape") if self._request.shows else None
                place = (after_names[one.path], one.key, scalar.line)
                change = ValueChange(*place, Kind.DECRYPTED, None, removed_readers=readers, old=text, new=shown)
            yield change
        for one in matched.new:
            before = clear_then[one.path].get(one.key or "")
            kind = Kind.ADDED if before is None else Kind.ENCRYPTED
            was = before.value.encode("utf-8", "surrogateescape") if before and self._request.shows else None
            place = (one.path, one.key, one.line)
            readers = self._readers.of(one)
            yield ValueChange(*place, kind, None, added_readers=readers, old=was, new=opened.plaintext(one))

    def _pair(self, old: Standing, new: Standing, same: bool | None, names: dict[str, str]) -> ValueChange | None:  # noqa: FBT001 - an answer
        could, can = self._readers.of(old), self._readers.of(new)
        added = tuple(one for one in can if one not in could)
        removed = tuple(one for one in could if one not in can)
        is_at_home = names[new.path] == old.path
        moved = not is_at_home or old.key != new.key
        if same is None:
            kind = Kind.UNKNOWN
        elif not same:
            kind = Kind.CHANGED
        elif moved:
            kind = Kind.MOVED
        elif added or removed:
            kind = Kind.READERS
        elif old.past.digest != new.past.digest:
            kind = Kind.REENCRYPTED
        else:
            return None
        from_path = old.path if moved or old.path != new.path else None
        place = (new.path, new.key, new.line)
        return ValueChange(*place, kind, same, added, removed, from_path, old.key if moved else None)

    def _followed(self, change: ValueChange, lists: Sequence[ListChange]) -> ValueChange:
        """The same change, with the list that it follows from: no reader came or went but those of the list."""
        if change.kind not in FOLLOWING or not lists:
            return change
        name = self._lists.governing(change.path)
        folder = PurePosixPath(change.path).parent
        for one in lists:
            if one.path != name and not (
                one.state == "removed" and folder.is_relative_to(PurePosixPath(one.path).parent)
            ):
                continue
            if {reader.id for reader in one.added}.issuperset(change.added_readers) and {
                reader.id for reader in one.removed
            }.issuperset(change.removed_readers):
                return replace(change, because=one.path)
        return change

    def _texts(self, files: Sequence[tuple[Version, Version]], changes: Sequence[ValueChange]) -> Iterator[TextChange]:
        """What differs beside values; the lines of values that came, went or moved are told with these."""
        leaving: dict[str, set[str | None]] = {}
        for change in changes:
            if change.kind in (Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.DECRYPTED, Kind.ENCRYPTED):
                leaving.setdefault(change.path, set()).add(change.key)
                if change.kind is Kind.MOVED:
                    leaving.setdefault(change.from_path or change.path, set()).add(change.from_key)
        for before, after in files:
            gone = leaving.get(before.path, set()) | leaving.get(after.path, set())
            old, new = before.lines(gone), after.lines(gone)
            if before.text and after.text and old != new:
                yield TextChange(after.path, (new - old).total(), (old - new).total())


def _can_hold(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in (ALWAYS, *IF_ENCRYPTED) and not path.startswith(_SETTINGS)
