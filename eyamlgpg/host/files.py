"""The user's files: read whole, replaced whole, never partly old and partly new."""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import ChangedMeanwhile, FileProblem
from eyamlgpg.host import paths
from eyamlgpg.host.attributes import copy_attributes
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.host.leftovers import remove_leftovers, temporary_name
from eyamlgpg.host.lock import folder_lock
from eyamlgpg.host.signals import deferred
from eyamlgpg.host.streams import read_all
from eyamlgpg.model.limits import refuse_large

DEEP = 3
"""Folders that a list of recipients may stand below the place where somebody looks for it: `site/data/nodes`."""

_NO_HARD_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What filesystems without hard links answer (FAT, some of FUSE and of network shares)."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when it was looked at."""

    content: bytes
    status: os.stat_result

    def is_still(self, now: os.stat_result) -> bool:
        """Whether nobody has written, replaced or re-dressed the file since."""
        return _identity(self.status) == _identity(now)


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
            return _look(path, follow=True).content
        except OSError as error:
            raise _problem(path, "cannot be read", error) from None

    def exists(self, path: Path) -> bool:
        """Whether something stands at this path, links followed; FileProblem where one cannot look."""
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _problem(path, "cannot be looked for", error) from None
        return True

    @contextlib.contextmanager
    def turn(self, path: Path) -> Iterator[None]:
        """Hold the lock of the folder in which the path's file really stands, from a look at it to `replace`.

        Other writers of eyamlgpg wait meanwhile, so nobody is to be asked anything inside. LockError where the waiting
        takes too long. Where the filesystem cannot lock, `replace` still compares.
        """
        with folder_lock(Path(os.path.realpath(path)).parent, self._say):
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
            if held and target.parent not in self._tidied:
                self._tidied.add(target.parent)
                for gone in remove_leftovers(target.parent, target.name):
                    self._say(f"{gone}: removed, a run that was killed had left it")
            self._replace(path, target, content, expected)

    def _replace(self, path: Path, target: Path, content: bytes, expected: bytes | None) -> None:
        old = _old(path, target, expected)
        # Held back for a moment, so that Ctrl-C leaves no half of a file beside the whole one.
        with deferred():
            try:
                self._put(path, target, content, old)
            except FileNotFoundError:
                if old is not None:
                    raise _removed(path) from None
                raise FileProblem(f"{path}: cannot be written: there is no folder {target.parent}") from None
            except OSError as error:
                raise _problem(path, "cannot be written", error) from None
            with contextlib.suppress(OSError):  # some filesystems cannot sync a folder; the file is in place
                _sync_folder(target.parent)
        if old is not None and old.status.st_nlink > 1:
            more = old.status.st_nlink - 1
            names = "another name (a hard link)" if more == 1 else f"{more:,} more names (hard links)"
            self._warn(f"{path}: had {names}, with the old content from now on")

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
                raise _problem(candidate, "cannot be looked for", error) from None
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

    def _put(self, path: Path, target: Path, content: bytes, old: _Seen | None) -> None:
        fresh = target.parent / temporary_name(target.name)
        # A new file gets the ordinary mode from umask; a replaced one is private until it gets its old mode.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(fresh, flags, 0o666 if old is None else 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                if old is not None:
                    self._dress(path, file.fileno(), target, old.status)
                os.fsync(file.fileno())
            _refuse_if_changed(path, target, old)
            if old is None:
                _place_new(path, fresh, target)
            else:
                fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    def _dress(self, path: Path, descriptor: int, target: Path, old: os.stat_result) -> None:
        """Give the new file the group, owner, attributes and mode of the old one."""
        new = os.fstat(descriptor)
        if new.st_gid != old.st_gid:
            try:
                os.fchown(descriptor, -1, old.st_gid)
            except PermissionError:
                raise FileProblem(
                    f"{path}: its group {old.st_gid} cannot be kept, since you are not in it",
                    "let a member of that group make the change, or change the group of the file first",
                ) from None
        if new.st_uid != old.st_uid:
            try:
                os.fchown(descriptor, old.st_uid, -1)
            except PermissionError:
                self._warn(f"{path}: belonged to user {old.st_uid} and now belongs to you")
        copy_attributes(target, descriptor)
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _look(path: Path, *, follow: bool) -> _Seen:
    """Read a plain file and its status from one descriptor; FileProblem for anything else, else OSError."""
    # Not blocking: to open a pipe would wait for its other end.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise FileProblem(f"{path}: is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise paths.not_a_file(path)
        refuse_large(str(path), status.st_size)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = read_all(file, str(path))
        return _Seen(content, status)
    finally:
        os.close(descriptor)


def _old(path: Path, target: Path, expected: bytes | None) -> _Seen | None:
    """The file that is to be replaced, None where there is none; FileProblem where it must not be replaced."""
    try:
        old = _look(target, follow=False)
    except FileNotFoundError:
        if expected is not None:
            raise _removed(path) from None
        return None
    except OSError as error:
        raise _problem(path, "cannot be read", error) from None
    if expected is None:
        raise _made(path)
    if old.content != expected:
        raise _changed(path)
    # A rename would get round it, but whoever took the right to write away meant it.
    if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise FileProblem(f"{path}: is read-only", "give yourself the right to write to it first")
    return old


def _refuse_if_changed(path: Path, target: Path, old: _Seen | None) -> None:
    """The last look before the rename; FileProblem where somebody else was quicker."""
    try:
        now = target.lstat()
    except FileNotFoundError:
        if old is not None:
            raise _removed(path) from None
        return
    if old is None:
        raise _made(path)
    if not old.is_still(now):
        raise _changed(path)


def _place_new(path: Path, fresh: Path, target: Path) -> None:
    """Give a new file its name, without overwriting one that somebody made meanwhile, whatever program they use."""
    try:
        os.link(fresh, target, follow_symlinks=False)
    except FileExistsError:
        raise _made(path) from None
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _claim(path, target)
        try:
            fresh.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    else:
        fresh.unlink()


def _claim(path: Path, target: Path) -> None:
    """Take a free name by an empty file, which only one program can make, where there are no hard links."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    except FileExistsError:
        raise _made(path) from None


def _made(path: Path) -> FileProblem:
    return ChangedMeanwhile(f"{path}: was made by somebody else meanwhile")


def _changed(path: Path) -> FileProblem:
    return ChangedMeanwhile(f"{path}: was changed by somebody else meanwhile", "it is left as they wrote it")


def _removed(path: Path) -> FileProblem:
    return ChangedMeanwhile(f"{path}: was removed by somebody else meanwhile")


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _problem(path: Path, what: str, error: OSError) -> FileProblem:
    """An OSError as a sentence on the path that the user knows."""
    match error.errno:
        case errno.ENOENT:
            return FileProblem(f"{path}: there is no such file")
        case errno.EACCES | errno.EPERM if what == "cannot be written":
            return FileProblem(f"{path}: {what}: no permission to make files in {path.parent}")
        case errno.EACCES | errno.EPERM:
            return FileProblem(f"{path}: {what}: no permission")
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return FileProblem(f"{path}: {what}: {error.strerror}", "nothing was changed; make room first")
        case errno.ENXIO:
            return paths.not_a_file(path)
        case _:
            return FileProblem(f"{path}: {what}: {error.strerror}")
