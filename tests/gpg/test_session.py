"""What gpg is run with, and what is said where it cannot be run."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg.opening.engine import Engine
from eyamlgpg.gpg.session import Session
from tests.support import keyrings


def stand_in(folder: Path, script: str) -> dict[str, str]:
    """A PATH on which `gpg` is this shell script."""
    program = folder / "gpg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_a_missing_gpg_is_said_with_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(GnupgError, match="gpg was not found on PATH") as caught:
        Session(tmp_path, {"PATH": str(tmp_path)}).run(["--list-keys"])
    assert "apt install gnupg" in caught.value.hints[0]


@pytest.mark.parametrize("version", ["1.4.23", "2.0.22", "2.1.18"])
def test_an_old_gpg_is_refused_by_its_version(tmp_path: Path, version: str) -> None:
    environ = stand_in(tmp_path, f"echo 'gpg (GnuPG) {version}'")
    with pytest.raises(GnupgError, match=f"gpg {version} is too old: 2.2 or newer is needed"):
        Session(tmp_path, environ).run(["--list-keys"])


@pytest.mark.parametrize(
    ("first_line", "version"),
    [
        ("gpg (GnuPG) 2.2.40", (2, 2, 40)),
        ("gpg (GnuPG/MacGPG2) 2.2.41", (2, 2, 41)),
        ("gpg (GnuPG) 2.5.1-beta12", (2, 5, 1)),
        ("gpg (GnuPG) 2.4", (2, 4, 0)),
    ],
)
def test_a_version_is_read_from_the_first_line(tmp_path: Path, first_line: str, version: tuple[int, int, int]) -> None:
    assert Session(tmp_path, stand_in(tmp_path, f"echo '{first_line}'")).version == version


def test_a_gpg_that_is_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GnupgError, match="seems not to be GnuPG"):
        Session(tmp_path, stand_in(tmp_path, "echo gnu parallel graphics")).run(["--list-keys"])


def by_session(session: Session) -> object:
    return session.run(["--import"], b"a key")


def by_engine(session: Session) -> object:
    return Engine(session).opened(b"a message")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("run", [by_session, by_engine])
def test_a_gpg_that_never_ends_its_complaints_is_stopped(tmp_path: Path, run: Callable[[Session], object]) -> None:
    """As where the disk of its home has room for the file of its lock, and not for the lock."""
    endless = 'case "$*" in --version) echo "gpg (GnuPG) 2.2.40";; *) yes "gpg: lockfile disappeared" >&2;; esac'
    with pytest.raises(GnupgError, match=r"gpg was stopped.*: lockfile disappeared\Z") as caught:
        run(Session(tmp_path, stand_in(tmp_path, endless)))
    assert "df -i" in caught.value.hints[0]


def test_gpg_speaks_plainly_in_any_locale(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    ran = Session(home("empty"), environ | {"LANG": "de_DE.UTF-8", "LANGUAGE": "de"}).run(["--decrypt"], b"hello")
    assert b"no valid OpenPGP data found" in ran.stderr
    assert ran.returncode != 0


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "C"}, "--lc-ctype=de_DE.UTF-8"),
        ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8"}, "--lc-ctype=C.UTF-8"),
        ({"LANG": "en_GB.UTF-8"}, "--lc-ctype=en_GB.UTF-8"),
        ({}, None),
    ],
)
def test_the_pinentry_keeps_the_users_character_set(environ: dict[str, str], told: str | None) -> None:
    argv = Session(Path("/home/zoe/.gnupg"), environ).argv(["--decrypt"])
    assert [word for word in argv if word.startswith("--lc-ctype")] == ([] if told is None else [told])


def test_the_homedir_of_the_session_beats_the_environments(home: Callable[[str], Path]) -> None:
    session = Session(home("pm-prod"), os.environ | {"GNUPGHOME": str(home("empty"))})
    assert session.environment["GNUPGHOME"] == str(home("pm-prod"))
    assert b"536064919156D527" in session.run(["--with-colons", "--list-keys"]).stdout


def test_a_terminal_that_the_user_named_is_kept() -> None:
    assert Session(Path("/h"), {"GPG_TTY": "/dev/pts/42"}).environment["GPG_TTY"] == "/dev/pts/42"


def test_a_terminal_is_found_on_any_of_the_standard_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `eyamlgpg decrypt -f x > y` only stdin and stderr are a terminal."""
    ours, theirs = os.openpty()
    saved = os.dup(2)
    try:
        os.dup2(theirs, 2)
        expected = os.ttyname(theirs)
        with Path(os.devnull).open() as nothing:
            stdin = os.dup(0)
            os.dup2(nothing.fileno(), 0)
            found = Session(Path("/h"), {}).environment.get("GPG_TTY")
            os.dup2(stdin, 0)
            os.close(stdin)
    finally:
        os.dup2(saved, 2)
        for descriptor in (saved, ours, theirs):
            os.close(descriptor)
    assert found in {expected, *_own_terminals()}


def _own_terminals() -> set[str]:
    """Stdout may be a terminal where the tests are run by hand, and is looked at before stderr."""
    return {os.ttyname(1)} if os.isatty(1) else set()


def test_full_pipes_do_not_block(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    """Two megabytes in, as many out, and a status line: more than any pipe holds at once."""
    plaintext = bytes(range(256)) * 8192
    ran = Session(home("empty"), environ).run(["--store", "--compress-algo=none"], plaintext)
    assert ran.returncode == 0
    assert plaintext[:4096] in ran.stdout


def test_the_reason_is_the_last_word_of_gpg(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    ran = Session(home("empty"), environ).run(["--export-secret-keys", "nobody@example.com"])
    assert ran.reason == "WARNING: nothing exported"


def test_a_run_shows_no_output(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    ran = Session(home("empty"), environ).run(["--store", "--compress-algo=none"], b"geheim")
    assert b"geheim" in ran.stdout
    assert "geheim" not in repr(ran)


def test_a_homedir_may_hold_spaces(home: Callable[[str], Path], tmp_path: Path, environ: dict[str, str]) -> None:
    spaced = keyrings.copy(home("pm-prod"), keyrings.short_folder() / "a b c")
    try:
        listed = Session(spaced, environ).run(["--with-colons", "--list-secret-keys"])
        assert (listed.returncode, listed.stdout.count(b"\nfpr:")) == (0, 2)
    finally:
        keyrings.stop(spaced)
        keyrings.remove(spaced.parent)
