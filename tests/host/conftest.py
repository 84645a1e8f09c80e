import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534

FORKS = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
"""Python 3.12 warns of a fork beside threads; pytest-xdist has threads, and each child here execs or ends at once."""


def names_in(folder: Path) -> list[str]:
    """What is in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of an ordinary user, and that user for the time of the test, even where root runs it."""
    folder = Path(tempfile.mkdtemp(prefix="unprivileged-"))
    groups = os.getgroups()
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.setgroups([])
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
            os.setegid(0)
            os.setgroups(groups)
        for inside in (folder, *folder.rglob("*")):
            if inside.is_dir() and not inside.is_symlink():
                inside.chmod(0o700)
        shutil.rmtree(folder)


@pytest.fixture
def root() -> None:
    """The right to give files away."""
    if os.geteuid() != 0:
        pytest.skip("only root can make files of other users")
