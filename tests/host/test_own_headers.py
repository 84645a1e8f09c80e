"""What this user has sealed is remembered, in a file that nobody has to trust or to keep."""

import os
from pathlib import Path

import pytest

from eyamlgpg.host import own_headers
from eyamlgpg.host.own_headers import OwnHeaders

FILE = Path("eyamlgpg", "own-session-keys")


def known(environ: dict[str, str], *headers: bytes) -> list[bool]:
    """To another run."""
    own = OwnHeaders(environ)
    return [own.has(header) for header in headers]


@pytest.mark.parametrize(("name", "below"), [("XDG_STATE_HOME", ""), ("HOME", ".local/state")])
def test_what_one_run_has_made_the_next_one_knows(tmp_path: Path, name: str, below: str) -> None:
    environ = {name: str(tmp_path)}
    own = OwnHeaders(environ)
    assert not own.has(b"first")
    for header in (b"first", b"second", b"first"):
        own.add(header)
    assert own.has(b"first")
    assert known(environ, b"first", b"second", b"third") == [True, True, False]
    path = tmp_path / below / FILE
    assert len(path.read_text().split()) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_two_runs_at_once_both_are_remembered(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    one, other = OwnHeaders(environ), OwnHeaders(environ)
    assert not one.has(b"x")
    assert not other.has(b"x")
    one.add(b"one")
    other.add(b"other")
    assert known(environ, b"one", b"other") == [True, True]


def test_the_last_ones_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_headers, "MOST", 5)
    environ = {"HOME": str(tmp_path)}
    for number in range(30):
        OwnHeaders(environ).add(b"%d" % number)
    assert known(environ, b"29", b"25", b"5") == [True, True, False]
    assert len((tmp_path / ".local/state" / FILE).read_text().split()) <= 10


def test_without_a_place_or_with_one_that_cannot_be_used_it_lasts_for_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for environ in ({}, {"HOME": "relative"}, {"XDG_STATE_HOME": str(tmp_path / "file")}):
        own = OwnHeaders(environ)
        own.add(b"x")
        assert own.has(b"x")
        assert known(environ, b"x") == [False]


def test_a_link_and_what_is_no_list_of_digests_are_not_believed(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    OwnHeaders(environ).add(b"x")
    path = tmp_path / FILE
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert known(environ, b"x") == [False]
    path.unlink()
    path.write_bytes(os.urandom(500) + b"\n\n" + b"0" * 31 + b"\n")
    assert known(environ, b"x") == [False]
