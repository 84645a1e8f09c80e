"""What a file carries beside its mode: extended attributes and access lists."""

import errno
import os
import sys
from pathlib import Path

ACCESS_LIST = "system.posix_acl_access"


def copy_attributes(source: Path, descriptor: int) -> None:
    """Give the open file the extended attributes of the other, POSIX access lists among them (acl(5)).

    Nothing where the system or the filesystem has none; an attribute that cannot be set is an OSError. Security
    labels are left as the kernel gave them. On macOS they are not copied: Python has no call for it.
    """
    if sys.platform != "linux":
        return
    try:
        names = os.listxattr(source)
        # An access list that only the new file has came from the folder's default list.
        for name in set(os.listxattr(descriptor)) - set(names):
            if name == ACCESS_LIST:
                os.removexattr(descriptor, name)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return
        raise
    for name in names:
        if not name.startswith(("security.", "trusted.")):
            os.setxattr(descriptor, name, os.getxattr(source, name))
