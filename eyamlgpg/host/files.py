"""The user's files: read whole, replaced whole, never partly old and partly new."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from eyamlgpg.host import paths
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.host.leftovers import remove_leftovers
from eyamlgpg.host.lock import folder_lock
from eyamlgpg.host.plain_files import look, problem
from eyamlgpg.host.replacing import put_in_place

DEEP = 3
"""Folders that a list of recipients may stand below the place where somebody looks for it: `site/data/nodes`."""


class DiskFiles:
    """Files on the disk; `trees.files` adds what concerns their trees."""

    def __init__(
        self,
        warn: Callable[[str], None] = lambda _sentence: None,
        say: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        """`warn` is given a sentence where a file could be replaced, but not all about it could be kept.

        `say` is given one while another run writes into the same folder.
        """
        self._warn = warn
        self._say = say
        self._tidied: set[Path] = set()

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        """All of a file, a link to it resolved; FileProblem for a folder, a pipe, a device, or no permission.

        With a limit, also for a plain file of more bytes.
        """
        if limit is not None and paths.is_file(path):
            return BoundedDiskFiles().read_bounded(path, limit, follow_link=True)
        try:
            return look(path, follow=True).content
        except OSError as error:
            raise problem(path, "cannot be read", error) from None

    def exists(self, path: Path) -> bool:
        """Whether something stands at this path, links followed; FileProblem where one cannot look."""
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise problem(path, "cannot be looked for", error) from None
        return True

    @contextlib.contextmanager
    def turn(self, path: Path) -> Iterator[None]:
        """Hold the lock of the folder in which the path's file really stands, from a look at it to `replace`.

        Other writers of eyamlgpg wait meanwhile, so nobody is to be asked anything inside. LockError where the waiting
        takes too long. Where the filesystem cannot lock, `replace` still compares.
        """
        target = Path(os.path.realpath(path))
        with folder_lock(target.parent, self._say) as held:
            self._tidy(target, held=held)
            yield

    def replace(self, path: Path, content: bytes, *, expected: bytes | None) -> None:
        """Put the content in place atomically: a new file beside the old one, on the disk, then renamed over it.

        A link is resolved first and stays. Mode, group, access list and other extended attributes are kept; the owner
        where we may give files away, else the file becomes ours, with a warning. Where the group cannot be kept the
        file is refused: its mode would open it to other people, or close it to Puppet. A file under several names
        (hard links) is parted from the others, with a warning: to write in place would put every name at risk.

        `expected` is what the file held when it was read (None: it did not exist). FileProblem, and nothing written,
        where it holds anything else now, where it is read-only for us, or where it cannot be written whole.

        The folder is locked from the look at the old file to the rename, so that no other run comes in between.
        """
        target = Path(os.path.realpath(path))
        with folder_lock(target.parent, self._say) as held:
            self._tidy(target, held=held)
            put_in_place(path, target, content, expected, self._warn)

    def _tidy(self, target: Path, *, held: bool) -> None:
        """Remove what a killed run left beside a file, also where this run will find nothing to change in it."""
        if held and target.parent not in self._tidied:
            self._tidied.add(target.parent)
            for gone in remove_leftovers(target.parent, target.name):
                self._say(f"{gone}: removed, a run that was killed had left it")

    def remove_empty(self, path: Path) -> bool:
        """Remove a file that holds nothing, and say whether it did; FileProblem where that cannot be."""
        try:
            if path.stat().st_size:
                return False
            path.unlink()
        except OSError as error:
            raise problem(path, "cannot be removed", error) from None
        return True

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        """The path of that name in the folder or its nearest parent that has one; None where none has.

        Goes up from the folder's real path, links resolved, and stops at the first of that name, whatever it is: a
        dangling link is an error when it is read, never passed over for another. FileProblem where one cannot look.
        """
        real = Path(os.path.realpath(folder))
        for place in (real, *real.parents):
            candidate = place / name
            try:
                candidate.lstat()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise problem(candidate, "cannot be looked for", error) from None
            return candidate
        return None

    def below(self, folder: Path, name: str) -> tuple[Path, ...]:
        """Files of that name at most `DEEP` folders below, the nearest first; hidden folders and links are left out."""
        found: list[Path] = []
        for place, folders, files in os.walk(folder):
            is_deep = len(Path(place).relative_to(folder).parts) >= DEEP
            folders[:] = [] if is_deep else [one for one in folders if not one.startswith(".")]
            found += [Path(place, name)] if name in files else []
        return tuple(sorted(found, key=lambda path: (len(path.parts), path)))
