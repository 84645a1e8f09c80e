"""Which GnuPG home is used, what is said about it, and that a throwaway one leaves nothing behind."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg import homedir
from tests.support import keyrings

EVERY = {"HIERA_EYAML_GPG_GNUPGHOME": "/hiera", "GNUPGHOME": "/gnupghome", "HOME": "/home/zoe"}


@pytest.mark.parametrize(
    ("environ", "option", "chosen"),
    [
        (EVERY, Path("/option"), "/hiera"),
        (EVERY | {"HIERA_EYAML_GPG_GNUPGHOME": ""}, Path("/option"), "/option"),
        (EVERY | {"HIERA_EYAML_GPG_GNUPGHOME": ""}, None, "/gnupghome"),
        ({"HOME": "/home/zoe", "GNUPGHOME": ""}, None, "/home/zoe/.gnupg"),
        ({"HOME": "/home/zoe"}, Path("~/keys"), "/home/zoe/keys"),
        ({"HOME": "/home/zoe", "GNUPGHOME": "~"}, None, "/home/zoe"),
    ],
)
def test_the_first_that_is_set_is_chosen(environ: dict[str, str], option: Path | None, chosen: str) -> None:
    assert homedir.choose(environ, option) == Path(chosen)


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert homedir.choose({"HOME": "/h"}, Path("keys")) == tmp_path / "keys"


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user ID without a home, as `docker run -u 12345` and OpenShift make one."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)


@pytest.mark.parametrize(
    ("environ", "option"),
    [({"GNUPGHOME": "/keys"}, None), ({"HIERA_EYAML_GPG_GNUPGHOME": "/keys"}, None), ({}, Path("/keys"))],
)
@pytest.mark.usefixtures("nobody")
def test_who_names_a_home_needs_no_home_directory(environ: dict[str, str], option: Path | None) -> None:
    assert homedir.choose(environ, option) == Path("/keys")


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"GNUPGHOME": "~/keys"}])
@pytest.mark.usefixtures("nobody")
def test_without_any_home_it_is_said_how_to_name_one(environ: dict[str, str]) -> None:
    with pytest.raises(GnupgError, match="HOME is not set") as caught:
        homedir.choose(environ, None)
    assert caught.value.hints == ("name the GnuPG home with --gpg-gnupghome or GNUPGHOME",)


def test_a_private_home_of_ones_own_is_fine() -> None:
    folder = keyrings.short_folder()
    try:
        assert homedir.check(folder) == ()
    finally:
        keyrings.remove(folder)


def test_a_home_that_is_open_to_others_is_warned_of() -> None:
    folder = keyrings.short_folder()
    try:
        folder.chmod(0o755)
        assert homedir.check(folder) == (f"{folder}: mode 755 lets other users in; chmod 700 '{folder}'",)
    finally:
        keyrings.remove(folder)


def test_a_home_of_another_user_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = keyrings.short_folder()
    try:
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
        [warning] = homedir.check(folder)
        assert warning.startswith(f"{folder}: belongs to another user")
    finally:
        keyrings.remove(folder)


def test_a_missing_home_is_an_error_that_says_how_to_begin_one(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    with pytest.raises(GnupgError, match="there is no such GnuPG home") as caught:
        homedir.check(missing)
    assert any(f"mkdir -m 700 -p '{missing}'" in hint for hint in caught.value.hints)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GnupgError, match="a GnuPG home is a folder"):
        homedir.check(tmp_path / "file")
    with pytest.raises(GnupgError, match="cannot be looked at: Not a directory"):
        homedir.check(tmp_path / "file" / "below")


def test_a_home_too_deep_for_a_socket_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """107 bytes hold a socket's path on Linux, unless the sockets stand under /run/user."""
    deep = tmp_path / ("d" * 120)
    deep.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: deep.stat().st_uid)
    has_run_user = any(Path(run, "user", str(os.geteuid())).is_dir() for run in ("/run", "/var/run"))
    warnings = homedir.check(deep)
    assert bool(warnings) is not has_run_user
    assert all("too long for gpg-agent's sockets" in warning for warning in warnings)


def test_a_throwaway_home_is_private_short_and_gone_afterwards(environ: dict[str, str]) -> None:
    with homedir.throwaway(environ) as home:
        assert home.stat().st_mode & 0o777 == 0o700
        assert homedir.check(home) == ()
        keyrings.make_key(home)  # which starts an agent
        assert (home / "private-keys-v1.d").is_dir()
    assert not home.exists()


def test_a_throwaway_home_that_cannot_be_removed_at_once_is_no_error(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`shutil.rmtree` raises what a folder that it has opened says, with `ignore_errors` too."""
    real = shutil.rmtree
    failed: list[object] = []

    def fails_once(*words: Any, **more: Any) -> None:
        if not failed:
            failed.append(words)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(*words, **more)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", fails_once)
        with homedir.throwaway(environ) as home:
            pass
    assert failed
    assert not home.exists()


def test_a_throwaway_home_is_gone_after_an_error_and_its_agent_too(environ: dict[str, str]) -> None:
    class Stop(BaseException):
        pass

    def begin_and_fail() -> None:
        with homedir.throwaway(environ) as home:
            seen.append(home)
            keyrings.make_key(home)
            raise Stop

    seen: list[Path] = []
    with pytest.raises(Stop):
        begin_and_fail()
    assert [home.exists() for home in seen] == [False]


def test_a_throwaway_home_goes_where_the_user_keeps_what_is_for_a_session(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with homedir.throwaway(environ | {"XDG_RUNTIME_DIR": str(tmp_path)}) as home:
        assert home.parent == tmp_path
    with homedir.throwaway(environ | {"XDG_RUNTIME_DIR": str(tmp_path / "gone")}) as home:
        assert home.parent == Path("/tmp")
