"""`rotation`: which values a person could ever read, and which of them still hold what they could read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.rotation import Person, Worklist
from eyamlgpg.operations.ports import Decrypter, Keyring
from eyamlgpg.operations.readers.due import Judge, is_hidden
from eyamlgpg.operations.readers.followed import Followed, Past, follow
from eyamlgpg.operations.readers.past_values import (
    MAY_BE_VALUE,
    PastMessage,
    Version,
    VersionReader,
    tokens_by_digest,
)
from eyamlgpg.operations.readers.person import find_person
from eyamlgpg.operations.readers.plaintexts import Plaintexts

_STORED_KEY = re.compile(r"(?:.*/)?\.eyamlgpg/keys/(?:former/)?[^/]+\.asc", re.DOTALL)
_TOGETHER = 200
"""Messages that are opened in one go."""


class History(Protocol):
    """A repository's past and present."""

    @property
    def commits(self) -> Sequence[Commit]:
        """All that a ref or HEAD reaches, parents before children."""
        ...

    @property
    def head(self) -> int | None:
        """The place of HEAD among them."""
        ...

    @property
    def staged(self) -> Sequence[FileChange]:
        """What the index changes against HEAD."""
        ...

    @property
    def gaps(self) -> Sequence[str]:
        """Why something may be missing."""
        ...

    def contents(self, object_ids: Iterable[str], *, having: bytes = b"") -> Iterator[tuple[str, bytes | None]]:
        """Each blob that has these bytes, once; None for one that cannot be had."""
        ...

    def working_files(self) -> Iterator[tuple[str, bytes | None]]:
        """The files of the working tree; None for one that cannot be read."""
        ...

    def left_out(self) -> frozenset[str]:
        """Tracked files that a sparse checkout leaves out."""
        ...

    def resolve(self, revision: str) -> int:
        """The place of the commit that a revision names; raises FileProblem."""
        ...


@dataclass(frozen=True, slots=True)
class RotationRequest:
    """Whose worklist is asked for."""

    name: str
    """A fingerprint, key ID, address or user ID."""
    run_key: bytes
    """Random; plaintexts are compared by hashes under this key, which is made for one run."""
    since: str | None = None
    """A revision: what could be read only before it does not count."""
    default: Method | None = None
    """The method of values that name none."""
    own: frozenset[KeyId] = frozenset()
    """The key IDs whose secret keys are at hand."""
    person: Person | None = None
    """Whom the name means, where that is known already."""


@dataclass(frozen=True, slots=True)
class RotationPorts:
    """The world of a worklist."""

    history: History
    keyring: Keyring
    decrypter: Decrypter


def worklist(request: RotationRequest, ports: RotationPorts) -> Worklist:
    """The worklist of one person; raises RecipientError for a name that means nobody."""
    since = None if request.since is None else ports.history.resolve(request.since)
    read = _Read(ports.history, request.default)
    person = request.person or find_person(request.name, ports.keyring.keys(), read.stored_keys)
    messages = tuple(read.reader.messages)
    could_open = frozenset(one.packet for one in messages if not person.key_ids.isdisjoint(one.key_ids))
    hidden = frozenset(one.packet for one in messages if is_hidden(one.key_ids)) - could_open
    older = frozenset() if since is None else _ancestors(ports.history.commits, since)
    texts = Plaintexts(messages, request.own, request.run_key)
    failures: dict[str, int] = {}
    while True:
        followed = follow(read.past, could_open | hidden, texts, since)
        judge = Judge(person, read.past.commits, followed, texts, could_open, hidden, older)
        values = tuple(judge.worklist())
        wanted = texts.take_wanted()
        if not wanted:
            break
        _open(wanted, read, ports.decrypter, texts, failures)
    return Worklist(
        person,
        values,
        gaps=(*ports.history.gaps, *read.gaps, *_damaged(followed)),
        warnings=tuple(f"{count:,} messages could not be opened: {why}" for why, count in failures.items()),
    )


class _Read:
    """Every version of every file, read once, and the working tree."""

    def __init__(self, history: History, default: Method | None) -> None:
        self._history = history
        self._on_disk: dict[str, bytes] = {}
        self.reader = VersionReader(default)
        self.stored_keys: list[bytes] = []
        self.gaps: list[str] = []
        changes = (*(change for commit in history.commits for change in commit.changes), *history.staged)
        paths: dict[str, str] = {}
        keys: set[str] = set()
        for change in changes:
            if change.object_id is None:
                continue
            if _STORED_KEY.fullmatch(change.path):
                keys.add(change.object_id)
            elif not _is_ours(change.path):
                paths.setdefault(change.object_id, change.path)
        self.stored_keys += (content for _, content in history.contents(sorted(keys)) if content is not None)
        versions = self._versions(paths)
        working, unread = self._working()
        self.past = Past(history.commits, versions, history.head, history.staged, working, history.left_out() | unread)

    def contents(self, object_ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """File versions once more, in the history or on the disk."""
        asked = list(object_ids)
        yield from ((one, self._on_disk[one]) for one in asked if one in self._on_disk)
        yield from self._history.contents(one for one in asked if one not in self._on_disk)

    def _versions(self, paths: Mapping[str, str]) -> dict[str, Version]:
        versions: dict[str, Version] = {}
        missing = 0
        for object_id, content in self._history.contents(paths, having=MAY_BE_VALUE):
            if content is None:
                missing += 1
                continue
            version = self.reader.read(object_id, content, paths[object_id])
            if version:
                versions[object_id] = version
        if missing:
            self.gaps.append(f"{missing:,} versions of files were not looked into: they are missing, or too large")
        return versions

    def _working(self) -> tuple[dict[str, Version], frozenset[str]]:
        working: dict[str, Version] = {}
        unread: set[str] = set()
        for path, content in self._history.working_files():
            if content is None:
                unread.add(path)
                self.gaps.append(f"{path}: cannot be read, or is too large")
            elif _STORED_KEY.fullmatch(path):
                self.stored_keys.append(content)
            elif not _is_ours(path):
                version = self.reader.read(path, content, path)
                if version:
                    working[path] = version
                if any(message.object_id == path for message in version.values()):
                    self._on_disk[path] = content
        return working, frozenset(unread)


def _is_ours(path: str) -> bool:
    """Whether a file is one of the settings, which hold no values."""
    return ".eyamlgpg" in path and ".eyamlgpg" in path.split("/")


def _open(
    wanted: Sequence[PastMessage],
    read: _Read,
    decrypter: Decrypter,
    texts: Plaintexts,
    failures: dict[str, int],
) -> None:
    """Open what is wanted, a bounded number at a time; of each plaintext only a keyed hash is kept."""
    by_object: dict[str, dict[bytes, PastMessage]] = {}
    for message in wanted:
        by_object.setdefault(message.object_id, {})[message.digest] = message
    for batch in _batches(_found_again(by_object, read.contents)):
        results = decrypter.decrypt_many(content for _, content in batch)
        for (message, _), result in zip(batch, results, strict=True):
            if result.plaintext is not None:
                texts.learn(message, result.plaintext)
            elif result.error is not None:
                failures[result.error.sentence] = failures.get(result.error.sentence, 0) + 1


def _found_again(
    by_object: Mapping[str, Mapping[bytes, PastMessage]],
    contents: Callable[[Iterable[str]], Iterator[tuple[str, bytes | None]]],
) -> Iterator[tuple[PastMessage, bytes]]:
    for object_id, content in contents(by_object):
        left = dict(by_object[object_id])
        for digest, message in tokens_by_digest(content or b""):
            found = left.pop(digest, None)
            if found is not None:
                yield found, message


def _batches(found: Iterator[tuple[PastMessage, bytes]]) -> Iterator[list[tuple[PastMessage, bytes]]]:
    batch: list[tuple[PastMessage, bytes]] = []
    for one in found:
        batch.append(one)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch


def _ancestors(commits: Sequence[Commit], number: int) -> frozenset[int]:
    """A commit and all before it."""
    seen, ahead = {number}, [number]
    while ahead:
        for parent in commits[ahead.pop()].parents:
            if parent not in seen:
                seen.add(parent)
                ahead.append(parent)
    return frozenset(seen)


def _damaged(followed: Followed) -> Iterator[str]:
    damaged = {
        one.message: one for standings in followed.by_place.values() for one in standings if one.message.is_damaged
    }
    if damaged:
        one = next(iter(damaged.values()))
        yield (
            f"{len(damaged):,} values are not whole OpenPGP messages, so nobody can tell who could read them, as"
            f" {one.place.key or 'one'} in {one.place.path}"
        )
