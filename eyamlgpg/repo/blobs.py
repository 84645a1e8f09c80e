"""The contents of git objects, many through one process."""

import os
import subprocess
from contextlib import suppress

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.surroundings import NO_LOCKS


class Blobs:
    """`git cat-file --batch`, started when first asked; `close` ends it."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes:
        """The content of one object; FileProblem where git does not have it."""
        found = self.find(name)
        if found is None:
            raise FileProblem(f"git has no object {name}", "look after the repository: git fsck")
        return found

    def find(self, name: str) -> bytes | None:
        """The content of an object, by its id or as `HEAD:path`, links followed; None where git does not have it."""
        process = self._process = self._process or self._start()
        assert process.stdin is not None  # noqa: S101 - both are pipes, see _start
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(os.fsencode(f"{name}\n"))
        process.stdin.flush()
        header = process.stdout.readline().split()
        if header[-1] == b"missing":
            return None
        content = process.stdout.read(int(header[-1]))
        process.stdout.read(1)
        # A link that leads out, nowhere or in a circle is told in two words, with where it leads (git-cat-file, BATCH).
        return content if len(header) == 3 else None

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            with suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", "cat-file", "--batch", "--follow-symlinks"],
            cwd=self._git.root,
            env={**self._git.environ, **NO_LOCKS},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
