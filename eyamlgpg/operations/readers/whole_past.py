"""All that a repository ever held, read once: its values, its stored keys, and what could not be read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha1
from typing import Protocol

from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.text import decode, other_encoding
from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.operations.readers.past_values import MAY_BE_VALUE, Version, VersionReader, may_hold_values
from eyamlgpg.operations.readers.standings import Past

_STORED_KEY = re.compile(r"(?:.*/)?\.eyamlgpg/keys/(?:former/)?[^/]+\.asc", re.DOTALL)


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

    def contents(
        self, object_ids: Iterable[str], *, wanted: Callable[[bytes], bool] | None = None
    ) -> Iterator[tuple[str, bytes | None]]:
        """Each blob that is wanted, once; None for one that cannot be had."""
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


class WholePast:
    """Every version of every file, read once, and the working tree."""

    def __init__(self, history: History, default: Method | None) -> None:
        self._history = history
        self._on_disk: dict[str, bytes] = {}
        self._reader = VersionReader(default)
        self.stored_keys: list[bytes] = []
        self.gaps: list[str] = []
        self._encodings: dict[str, str] = {}
        keys, paths = _objects(history)
        self._order = {object_id: number for number, object_id in enumerate(paths)}
        self.stored_keys += (content for _, content in history.contents(sorted(keys)) if content is not None)
        versions = self._versions(paths)
        working, unread = self._working(versions)
        self.gaps += (
            f"{path}: is or was written in {one}: its values cannot be seen" for path, one in self._encodings.items()
        )
        self.past = Past(history.commits, versions, history.head, history.staged, working, history.left_out() | unread)
        self.messages = tuple(self._reader.messages)
        """Every message once."""
        del self._reader  # what it remembers to read fast is a large part of what there is

    def contents(self, object_ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """File versions once more, in the history or on the disk."""
        asked = list(object_ids)
        yield from ((one, self._on_disk[one]) for one in asked if one in self._on_disk)
        past = (one for one in asked if one not in self._on_disk)
        yield from self._history.contents(sorted(past, key=self._order.__getitem__))

    def _versions(self, paths: Mapping[str, str]) -> dict[str, Version]:
        versions: dict[str, Version] = {}
        missing = 0
        for object_id, content in self._history.contents(paths, wanted=may_hold_values):
            if content is None:
                missing += 1
                continue
            self._name_encoding(paths[object_id], content)
            version = self._reader.read(object_id, content, paths[object_id])
            if version:
                versions[object_id] = version
        if missing:
            self.gaps.append(f"{missing:,} versions of files were not looked into: they are missing, or too large")
        return versions

    def _working(self, versions: Mapping[str, Version]) -> tuple[dict[str, Version], frozenset[str]]:
        working: dict[str, Version] = {}
        unread: set[str] = set()
        for path, content in self._history.working_files():
            if content is None:
                unread.add(path)
                self.gaps.append(f"{path}: cannot be read, or is too large")
            elif _STORED_KEY.fullmatch(path):
                self.stored_keys.append(content)
            elif may_hold_values(content) and not _is_ours(path):
                self._name_encoding(path, content)
                version = versions.get(_object_id(content)) or self._reader.read(path, content, path)
                if version:
                    working[path] = version
                if any(message.object_id == path for message in version.values()):
                    self._on_disk[path] = content
        return working, frozenset(unread)

    def _name_encoding(self, path: str, content: bytes) -> None:
        if MAY_BE_VALUE not in content and (encoding := other_encoding(decode(content))) is not None:
            self._encodings.setdefault(path, encoding)


def _objects(history: History) -> tuple[set[str], dict[str, str]]:
    """The objects of all stored keys; and of all other files, path by path, the newest first, each with its path.

    What is next to each other in this order differs least, for git as well as for us.
    """
    keys: set[str] = set()
    paths: dict[str, str] = {}
    changes = (*history.staged[::-1], *(one for commit in history.commits[::-1] for one in commit.changes))
    for change in changes:
        if change.object_id is None:
            continue
        if not _is_ours(change.path):
            paths.setdefault(change.object_id, change.path)
        elif _STORED_KEY.fullmatch(change.path):
            keys.add(change.object_id)
    return keys, dict(sorted(paths.items(), key=lambda one: one[1]))


def _object_id(content: bytes) -> str:
    """Git's name for a content that is kept as it is: the working tree holds little that the history has not."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _is_ours(path: str) -> bool:
    """Whether a file is one of the settings, which hold no values."""
    return ".eyamlgpg" in path and ".eyamlgpg" in path.split("/")
