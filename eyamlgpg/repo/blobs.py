"""The contents of git objects, many through one process."""

from contextlib import suppress
from typing import TYPE_CHECKING

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.limits import FILE, refuse_large
from eyamlgpg.repo.git import LACKING, Git
from eyamlgpg.repo.surroundings import start

if TYPE_CHECKING:
    from subprocess import Popen


class Blobs:
    """`git cat-file --batch`, started when first asked; `close` ends it."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: Popen[bytes] | None = None

    def read(self, object_id: str) -> bytes:
        """The content of one object, by its whole id; FileProblem where git does not have it, or answers otherwise.

        Ids alone, since git takes one request a line, and a path may have line breaks.
        """
        process = self._process = self._process or start(self._git.root, self._git.environ, "cat-file", "--batch")
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(object_id.encode("ascii") + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
            if header[1:] == [b"missing"]:
                raise FileProblem(f"git has no object {object_id}", *LACKING)
            size = _size(header, object_id)
            if size > FILE:
                self._end()  # rather than read it all to the end
                refuse_large(f"the object {object_id} of git", size, FILE)
            content = process.stdout.read(size)
            if process.stdout.read(1) != b"\n":
                raise _NoAnswer  # it ended in the middle
        except (BrokenPipeError, _NoAnswer):
            # What it would say next might be about what was asked before.
            self._end()
            raise FileProblem(
                f"git cat-file failed for object {object_id}", "look after the repository: git fsck"
            ) from None
        return content

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            with suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
        self.close()


class _NoAnswer(Exception):
    """What git said is no answer to what was asked."""


def _size(header: list[bytes], object_id: str) -> int:
    """What an answer begins with: the id that was asked for, the kind and the size (git-cat-file, BATCH OUTPUT)."""
    if len(header) != 3 or header[0] != object_id.encode("ascii") or not header[2].isdigit():
        raise _NoAnswer
    return int(header[2])
