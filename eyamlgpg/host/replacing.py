"""A file put in the place of another in one step: what can be kept of it is, and nobody's change is overwritten."""

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from eyamlgpg.errors import ChangedMeanwhile, FileProblem
from eyamlgpg.host.attributes import copy_attributes
from eyamlgpg.host.leftovers import temporary_name
from eyamlgpg.host.plain_files import Seen, look, problem
from eyamlgpg.host.signals import deferred

Warn = Callable[[str], None]

_NO_HARD_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What filesystems without hard links answer (FAT, some of FUSE and of network shares)."""


def put_in_place(path: Path, target: Path, content: bytes, expected: bytes | None, warn: Warn) -> None:
    """Replace the file at `target`, which the user calls `path`; the caller holds the lock of its folder."""
    old = _old(path, target, expected)
    # Held back for a moment, so that Ctrl-C leaves no half of a file beside the whole one.
    with deferred():
        try:
            _put(path, target, content, old, warn)
        except FileNotFoundError:
            if old is not None:
                raise _removed(path) from None
            raise FileProblem(f"{path}: cannot be written: there is no folder {target.parent}") from None
        except OSError as error:
            raise problem(path, "cannot be written", error) from None
        with contextlib.suppress(OSError):  # some filesystems cannot sync a folder; the file is in place
            _sync_folder(target.parent)
    if old is not None and old.status.st_nlink > 1:
        more = old.status.st_nlink - 1
        names = "another name (a hard link)" if more == 1 else f"{more:,} more names (hard links)"
        warn(f"{path}: had {names}, with the old content from now on")


def _put(path: Path, target: Path, content: bytes, old: Seen | None, warn: Warn) -> None:
    fresh = target.parent / temporary_name(target.name)
    # A new file gets the ordinary mode from umask; a replaced one is private until it gets its old mode.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(fresh, flags, 0o666 if old is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if old is not None:
                _dress(path, file.fileno(), target, old.status, warn)
            os.fsync(file.fileno())
        _refuse_if_changed(path, target, old)
        if old is None:
            _place_new(path, fresh, target)
        else:
            fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _dress(path: Path, descriptor: int, target: Path, old: os.stat_result, warn: Warn) -> None:
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
            warn(f"{path}: belonged to user {old.st_uid} and now belongs to you")
    copy_attributes(target, descriptor)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _old(path: Path, target: Path, expected: bytes | None) -> Seen | None:
    """The file that is to be replaced, None where there is none; FileProblem where it must not be replaced."""
    try:
        old = look(target, follow=False)
    except FileNotFoundError:
        if expected is not None:
            raise _removed(path) from None
        return None
    except OSError as error:
        raise problem(path, "cannot be read", error) from None
    if expected is None:
        raise _made(path)
    if old.content != expected:
        raise _changed(path)
    # A rename would get round it, but whoever took the right to write away meant it.
    if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise FileProblem(f"{path}: is read-only", "give yourself the right to write to it first")
    return old


def _refuse_if_changed(path: Path, target: Path, old: Seen | None) -> None:
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


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
