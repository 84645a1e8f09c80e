"""All versions of all files over all refs, read once, and what this clone does not have of them.

Git does the work: `git log --raw` tells what every commit changed, renames included, and `git cat-file --batch` gives
the content of each blob once. A merge is told against its first parent; what came from another parent is a change
there, and that parent's own history tells where it came from.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.repo import surroundings, worktree
from eyamlgpg.repo.changes import REGULAR
from eyamlgpg.repo.git import Git, require_repository

LARGEST = 64 * 1024 * 1024
"""Bytes; no file of Hiera data is larger, and a larger one is named as not looked into."""

OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
"""A partial clone must not fetch what it lacks while somebody only looks; git 2.44 and later knows the second one."""

_RAW = ("--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-relative", "-O/dev/null", "-l5000")
"""Whatever diff.orderFile, diff.relative and diff.renameLimit say."""

_LOG = ("log", "--all", "--root", "--diff-merges=first-parent", "--date-order", "--reverse", "--no-show-signature")
_FORMAT = "--format=%x01%H%x02%P%x02%aI%x02%an"
_FILES = tuple(mode.encode("ascii") for mode in REGULAR)
_RENAMES, _EXACT_RENAMES = "-M", "-M100%"


@dataclass(frozen=True, slots=True)
class History:
    """What one repository holds, at every commit, in its index and in its working tree."""

    git: Git
    commits: Sequence[Commit]
    """All that a ref or HEAD reaches, parents before children, else by date."""
    head: int | None
    """The place of HEAD's commit among them; None before the first commit."""
    staged: tuple[FileChange, ...]
    """What the index changes against HEAD."""
    gaps: tuple[str, ...]
    """Why something may be missing, each as a sentence with what to do."""
    absent: frozenset[str]
    """Objects that a partial clone does not have."""

    def contents(self, object_ids: Iterable[str], *, having: bytes = b"") -> Iterator[tuple[str, bytes | None]]:
        """Each of these blobs once, in order, held one at a time; None for one that is missing or too large.

        Those that do not have these bytes are read, and not given.
        """
        asked = list(dict.fromkeys(object_ids))
        yield from ((one, None) for one in asked if one in self.absent)
        yield from _contents(self.git, [one for one in asked if one not in self.absent], having)

    def working_files(self) -> Iterator[tuple[str, bytes | None]]:
        """Tracked files and untracked ones that are not ignored, as they stand on the disk; None for unreadable ones.

        Links are left out. A tracked file that a sparse checkout leaves out is not told, see `left_out`.
        """
        listing = worktree.GitWorktree(self.git.root, self.git.environ).listing(self.git.root)
        for path in listing.files:
            if not path.is_symlink():
                yield path.relative_to(self.git.root).as_posix(), _on_disk(path)
        yield from ((folder.relative_to(self.git.root).as_posix(), None) for folder, _ in listing.unreadable)

    def left_out(self) -> frozenset[str]:
        """Tracked files that a sparse checkout leaves out: in the working tree they are as in the index."""
        told = self.git.run("ls-files", "-t", "-z").split(b"\0")
        return frozenset(os.fsdecode(entry[2:]) for entry in told if entry.startswith(b"S "))

    def resolve(self, revision: str) -> int:
        """The place of the commit that a revision names; FileProblem for one that names none of this history."""
        named = self.git.asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        places = {commit.commit_id: place for place, commit in enumerate(self.commits)}
        if named is None or named not in places:
            raise FileProblem(f"{revision}: names no commit that a branch or tag reaches", "see: git log --all")
        return places[named]


def read_history(folder: Path, environ: Mapping[str, str]) -> History:
    """The history of the repository around a folder; EyamlgpgError outside of one, FileProblem where git fails."""
    found = require_repository(folder, environ)
    git = Git(found.root, {**found.environ, **OFFLINE})
    partial = _is_partial(git)
    absent = _absent(git) if partial else frozenset()
    renames = _EXACT_RENAMES if partial else _RENAMES
    commits = tuple(_commits(_log(git, renames, partial=partial)))
    head_id = git.asked("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    places = {commit.commit_id: place for place, commit in enumerate(commits)}
    staged = git.run("diff", "--cached", *_RAW, renames, "--ignore-submodules=all", "--")
    return History(
        git,
        commits,
        places.get(head_id or ""),
        tuple(_changes(iter(staged.split(b"\0")))),
        tuple(_gaps(git, absent, partial=partial)),
        absent,
    )


def _log(git: Git, renames: str, *, partial: bool) -> bytes:
    # Without a commit there is nothing to tell, and git calls that an error where HEAD is asked for.
    if not git.run("rev-list", "--all", "--max-count=1"):
        return b""
    try:
        return git.run(*_LOG, *_RAW, renames, "--no-color", "--encoding=UTF-8", _FORMAT)
    except FileProblem as error:
        hint = "fetch what is missing: git fetch --refetch --filter=blob:none" if partial else "see: git fsck"
        raise FileProblem(f"the history cannot be read: {error.sentence}", hint) from None


def _commits(told: bytes) -> Iterator[Commit]:
    places: dict[bytes, int] = {}
    words = iter(told.split(b"\0"))
    header = next(words, b"")
    while header.startswith(b"\x01"):
        commit_id, parents, date, author = header[1:].split(b"\x02", 3)
        changes: list[FileChange] = []
        header = b""
        for word in words:
            if word.startswith(b"\x01"):
                header = word
                break
            if word.lstrip(b"\n").startswith(b":"):
                changes.append(_change(word, words))
        known = tuple(places[parent] for parent in parents.split() if parent in places)
        places[commit_id] = len(places)
        yield Commit(
            commit_id.decode("ascii"), known, date.decode("ascii"), author.decode("utf-8", "replace"), tuple(changes)
        )


def _changes(words: Iterator[bytes]) -> Iterator[FileChange]:
    for word in words:
        if word.startswith(b":"):
            yield _change(word, words)


def _change(word: bytes, words: Iterator[bytes]) -> FileChange:
    """One raw record (git-diff, RAW OUTPUT FORMAT), whose paths are the next words."""
    _, mode, _, object_id, kind = word.lstrip(b"\n:").split(b" ")
    path = os.fsdecode(next(words))
    old = None
    if kind.startswith((b"R", b"C")):
        old, path = path, os.fsdecode(next(words))
    is_file = mode in _FILES and object_id.strip(b"0")
    return FileChange(path, object_id.decode("ascii") if is_file else None, old)


def _contents(git: Git, object_ids: Sequence[str], having: bytes) -> Iterator[tuple[str, bytes | None]]:
    if not object_ids:
        return
    process = surroundings.start(git.root, git.environ, "cat-file", "--batch", "--buffer")
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None  # noqa: S101 - both are pipes, see `surroundings.start`
    assert stdout is not None  # noqa: S101

    def ask() -> None:
        try:
            with stdin:
                stdin.write("".join(f"{one}\n" for one in object_ids).encode("ascii"))
        except BrokenPipeError:
            pass  # the reader below says so

    # Git answers while it is still being asked, and both pipes are bounded.
    asking = Thread(target=ask, daemon=True)
    asking.start()
    try:
        for object_id in object_ids:
            told, kind, *size = stdout.readline().split()
            if told.decode("ascii") != object_id:
                raise ValueError(told)
            content = None if kind == b"missing" else _read(stdout, int(size[0]))
            if content is None or having in content:
                yield object_id, content
    except (ValueError, IndexError):
        raise FileProblem("git cat-file failed in the middle of the history", "look after it: git fsck") from None
    finally:
        process.kill()
        stdout.close()
        process.wait()
        asking.join()


def _read(stream: IO[bytes], size: int) -> bytes | None:
    """So many bytes and the line end behind them; None for a content that is too large, which is passed over."""
    if size > LARGEST:
        while size > 0:
            size -= len(stream.read(min(size, 1 << 20))) or size
        content = None
    else:
        content = stream.read(size)
    if (content is not None and len(content) != size) or stream.read(1) != b"\n":
        raise ValueError(size)
    return content


def _on_disk(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError:
        return None


def _is_partial(git: Git) -> bool:
    return git.asked("config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$") is not None


def _absent(git: Git) -> frozenset[str]:
    told = git.run("rev-list", "--all", "--objects", "--no-object-names", "--missing=print")
    return frozenset(line[1:].decode("ascii") for line in told.split(b"\n") if line.startswith(b"?"))


def _gaps(git: Git, absent: frozenset[str], *, partial: bool) -> Iterator[str]:
    if git.asked("rev-parse", "--is-shallow-repository") == "true":
        yield "this clone is shallow, so older commits are missing; get them with: git fetch --unshallow"
    if partial:
        yield (
            f"this clone is partial: {len(absent):,} of its objects are missing, and renames of changed files are not"
            " followed; get them with: git fetch --refetch --no-filter"
        )
