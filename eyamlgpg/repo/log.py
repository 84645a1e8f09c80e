"""What every commit changed, told by one `git log --raw`, read while git writes it."""

import os
from collections.abc import Iterator

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.repo import surroundings
from eyamlgpg.repo.changes import REGULAR
from eyamlgpg.repo.git import Git

_RAW = ("--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-relative", "-O/dev/null", "-l5000")
"""Whatever diff.orderFile, diff.relative and diff.renameLimit say."""

_LOG = ("log", "--all", "--root", "--diff-merges=first-parent", "--date-order", "--reverse", "--no-show-signature")
_FORMAT = "--format=%x01%H%x02%P%x02%aI%x02%an"
_FILES = frozenset(REGULAR)
_RENAMES, _EXACT_RENAMES = "-M", "-M100%"
_CHUNK = 1 << 18


def read(git: Git, *, partial: bool) -> Iterator[Commit]:
    """All commits that a ref or HEAD reaches, parents before children; FileProblem where git cannot tell."""
    # Without a commit there is nothing to tell, and git calls that an error where HEAD is asked for.
    if not git.run("rev-list", "--all", "--max-count=1"):
        return
    words = (*_LOG, *_RAW, _renames(partial=partial), "--no-color", "--encoding=UTF-8", _FORMAT)
    process = surroundings.start(git.root, git.environ, *words)
    stdout = process.stdout
    assert stdout is not None  # noqa: S101 - a pipe, see `surroundings.start`

    def chunks() -> Iterator[bytes]:
        while chunk := stdout.read(_CHUNK):
            yield chunk
        if process.wait():
            raise _failed(git, words, partial=partial)

    try:
        yield from _commits(_words(chunks()))
    finally:
        process.kill()
        process.communicate()


def staged(git: Git, *, partial: bool) -> tuple[FileChange, ...]:
    """What the index changes against HEAD."""
    told = git.run("diff", "--cached", *_RAW, _renames(partial=partial), "--ignore-submodules=all", "--")
    words = _words(iter((told,)))
    paths: dict[str, str] = {}
    return tuple(_change(word, words, paths) for word in words if word[:1] == ":")


def _renames(*, partial: bool) -> str:
    """A partial clone lacks the contents by which a renamed file that changed as well is known."""
    return _EXACT_RENAMES if partial else _RENAMES


def _failed(git: Git, words: tuple[str, ...], *, partial: bool) -> FileProblem:
    """Git's words, from another try."""
    hint = "fetch what is missing: git fetch --refetch --filter=blob:none" if partial else "see: git fsck"
    why = "git log failed"
    try:
        git.run(*words)
    except FileProblem as error:
        why = error.sentence
    return FileProblem(f"the history cannot be read: {why}", hint)


def _words(chunks: Iterator[bytes]) -> Iterator[str]:
    """What NULs end; a rest that none ends is not a word."""
    rest = b""
    for chunk in chunks:
        whole, end, more = chunk.rpartition(b"\0")
        if not end:
            rest += chunk
            continue
        yield from os.fsdecode(rest + whole).split("\0")
        rest = more


def _commits(words: Iterator[str]) -> Iterator[Commit]:
    places: dict[str, int] = {}
    paths: dict[str, str] = {}
    header = next(words, "")
    while header:
        commit_id, parents, date, author = header[1:].split("\2", 3)
        changes: list[FileChange] = []
        header = ""
        for word in words:
            if word[:1] == "\1":
                header = word
                break
            if ":" in word[:2]:  # the first one of a commit stands on a new line
                changes.append(_change(word, words, paths))
        known = tuple(places[parent] for parent in parents.split() if parent in places)
        places[commit_id] = len(places)
        if not author.isascii():
            author = os.fsencode(author).decode("utf-8", "replace")
        yield Commit(commit_id, known, date, author, tuple(changes))


def _change(word: str, words: Iterator[str], paths: dict[str, str]) -> FileChange:
    """One raw record (git-diff, RAW OUTPUT FORMAT), whose paths are the next words; each path is kept once."""
    _, mode, _, object_id, kind = word.split(" ")
    path = next(words)
    path, old = paths.setdefault(path, path), None
    if kind[0] in "RC":
        new = next(words)
        path, old = paths.setdefault(new, new), path
    is_file = mode in _FILES and object_id.strip("0")
    return FileChange(path, object_id if is_file else None, old)
