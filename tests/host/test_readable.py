"""Whether another user can read a home, by owners and modes."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from eyamlgpg.host.readable import Account, account, unreadable_by

STRANGER = Account("stranger", 61234, frozenset({61234}))


@pytest.fixture
def gnupg() -> Iterator[Path]:
    """A home that everybody may read, in a folder of /tmp: pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield opened(Path(os.path.realpath(folder)) / "gnupg")


def opened(home: Path) -> Path:
    (home / "private-keys-v1.d").mkdir(parents=True)
    (home / "private-keys-v1.d" / "A.key").write_text("x")
    (home / "pubring.kbx").write_text("x")
    (home / "public-keys.d").mkdir()
    (home / "public-keys.d" / "pubring.db").write_text("x")
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return home


def test_what_everybody_may_read(gnupg: Path) -> None:
    assert unreadable_by(gnupg, STRANGER) is None


@pytest.mark.parametrize(
    ("closed", "mode", "said"),
    [
        ("", 0o700, "and has mode 700"),
        ("", 0o711, "and has mode 711"),
        ("private-keys-v1.d", 0o700, "private-keys-v1.d belongs to"),
        ("private-keys-v1.d/A.key", 0o600, "A.key belongs to"),
        ("pubring.kbx", 0o640, "pubring.kbx belongs to"),
        ("public-keys.d", 0o750, "public-keys.d belongs to"),
        ("public-keys.d/pubring.db", 0o600, "pubring.db belongs to"),
    ],
)
def test_what_is_closed_is_named_and_its_own_user_reads_it(gnupg: Path, closed: str, mode: int, said: str) -> None:
    (gnupg / closed).chmod(mode)
    found = unreadable_by(gnupg, STRANGER)
    assert found is not None
    assert said in found.reason
    assert found.command == f"chown -R stranger: {gnupg} && chmod 700 {gnupg}"
    owner = gnupg.stat()
    assert unreadable_by(gnupg, Account("owner", owner.st_uid, frozenset())) is None
    if mode & 0o050:
        assert unreadable_by(gnupg, Account("member", 61235, frozenset({owner.st_gid}))) is None or mode == 0o711


def test_a_folder_around_it_that_is_closed(gnupg: Path) -> None:
    gnupg.parent.chmod(0o750)
    found = unreadable_by(gnupg, STRANGER)
    assert found is not None
    assert found.reason == f"the folder {gnupg.parent} around it is closed to that user"
    assert found.command == f"chmod o+x {gnupg.parent}"


def test_root_reads_everything(gnupg: Path) -> None:
    gnupg.chmod(0)
    assert unreadable_by(gnupg, Account("root", 0, frozenset())) is None


def test_users_by_name() -> None:
    found = account("root")
    assert found is not None
    assert found.uid == 0
    assert account("nobody-is-called-this") is None
