"""Keys by gpg's batch mode: what was asked for, under any name that is let through, and in any user's home."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eyamlgpg.errors import FormatError, GnupgError
from eyamlgpg.formats.gnupg.key_parameters import Algorithm, KeyRequest, parameter_file
from eyamlgpg.gpg.generate import generate, require_usable, revocation_certificate
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.secret_keys import GnupgSecretKeys
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Key, Protection, Validity
from eyamlgpg.model.owner import Owner
from tests.support import keyrings, pinentry

CURVES: dict[str, Any] = {"algorithm": Algorithm.CV25519}


def made(gpg: Session, request: KeyRequest) -> Key:
    fingerprint = generate(gpg, request)
    present = GnupgKeyring(gpg).keys()
    return next(key for key in present if key.fingerprint == fingerprint)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [(Algorithm.RSA2048, ["rsa2048", "rsa2048"]), (Algorithm.CV25519, ["ed25519", "cv25519"])],
)
def test_a_key_is_what_was_asked_for(
    fresh_home: Path, environ: dict[str, str], algorithm: Algorithm, expected: list[str]
) -> None:
    gpg = Session(fresh_home, environ)
    key = made(gpg, KeyRequest("puppetmaster-dev", "pm@example.com", algorithm))
    assert (key.user_id, key.validity) == ("puppetmaster-dev <pm@example.com>", Validity.ULTIMATE)
    assert [part.algorithm for part in key.parts] == expected
    assert [sorted(part.capabilities) for part in key.parts] == [["c", "s"], ["e"]]
    assert all(part.expires is not None and (part.expires - part.created).days == 730 for part in key.parts)
    assert GnupgSecretKeys(gpg).protections([key]) == {key.fingerprint: Protection.CLEAR}
    assert revocation_certificate(gpg, key.fingerprint).is_file()


def test_a_key_may_live_for_ever(fresh_home: Path, environ: dict[str, str]) -> None:
    key = made(Session(fresh_home, environ), KeyRequest("pm", None, expires="0", **CURVES))
    assert [part.expires for part in key.parts] == [None, None]


@pytest.mark.parametrize(
    "name",
    ["pm", "1", "%no-protection", '50% "O\'Brien" \\x41', "#not a comment", "Jürgen 日本", "a:b", "Expire-Date: 0"],
)
def test_a_name_comes_out_as_it_went_in(fresh_home: Path, environ: dict[str, str], name: str) -> None:
    assert made(Session(fresh_home, environ), KeyRequest(name, None, **CURVES)).user_id == name


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_is_right_or_refused(fresh_home: Path, environ: dict[str, str], name: str) -> None:
    request = KeyRequest(name, None, **CURVES)
    try:
        parameter_file(request)
    except FormatError:
        return
    assert made(Session(fresh_home, environ), request).user_id == name


def test_a_persons_passphrase_comes_from_pinentry(fresh_home: Path, environ: dict[str, str]) -> None:
    asked = pinentry.install(fresh_home, "say correct horse battery staple 4")
    gpg = Session(fresh_home, environ)
    key = made(gpg, KeyRequest("Zoe", "zoe@example.com", protected=True, **CURVES))
    assert GnupgSecretKeys(gpg).protections([key]) == {key.fingerprint: Protection.PASSPHRASE}
    assert len(asked.questions) == 2
    asked.answer("cancel")
    with pytest.raises(GnupgError, match=r"^the key 'Max' was not made: the passphrase was not given\Z"):
        generate(gpg, KeyRequest("Max", None, protected=True, **CURVES))


def test_without_pinentry_no_persons_key_is_made(fresh_home: Path, environ: dict[str, str]) -> None:
    pinentry.install_program(fresh_home, fresh_home / "none")
    with pytest.raises(GnupgError, match=r"^the key 'Max' was not made: the passphrase could not be asked for\Z"):
        generate(Session(fresh_home, environ), KeyRequest("Max", None, protected=True, **CURVES))


def test_a_date_that_has_passed_is_gpgs_to_refuse(fresh_home: Path, environ: dict[str, str]) -> None:
    with pytest.raises(GnupgError, match=r"^the key 'pm' was not made: "):
        generate(Session(fresh_home, environ), KeyRequest("pm", None, expires="2001-01-01", **CURVES))


def test_a_home_whose_path_is_too_long_for_its_users_agent_is_refused() -> None:
    nobodys = 54321
    assert not Path(f"/run/user/{nobodys}").exists()
    require_usable(Path("/etc/puppetlabs/puppet/gpg"), nobodys)
    with pytest.raises(GnupgError, match=r"^/x{100}: too long a path for gpg-agent's sockets"):
        require_usable(Path(f"/{'x' * 100}"), nobodys)


def test_the_weakest_part_tells_how_a_secret_key_is_kept(fresh_home: Path, environ: dict[str, str]) -> None:
    protected = keyrings.NewKey(passphrase="right", subkeys=())
    fingerprint = keyrings.make_key(fresh_home, protected)
    keyrings.add_subkey(fresh_home, fingerprint, new=protected)
    gpg = Session(fresh_home, environ)
    [key] = GnupgKeyring(gpg).keys()
    assert GnupgSecretKeys(gpg).protections([key]) == {fingerprint: Protection.PASSPHRASE}
    for secret in (fresh_home / "private-keys-v1.d").iterdir():
        secret.unlink()
        break
    gpg.stop_agent()
    assert GnupgSecretKeys(gpg).protections([key]) == {fingerprint: Protection.PASSPHRASE}
    assert GnupgSecretKeys(gpg).protections([]) == {}


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Owner]:
    """A user of this machine for this test alone, with a group of another name."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a user, and a key for them")
    if shutil.which("useradd") is None:
        pytest.skip("there is no useradd to make a user with")
    name = f"eg{os.getpid()}"
    subprocess.run(["useradd", "--no-create-home", "--user-group", "--shell", "/bin/false", name], check=True)
    try:
        from eyamlgpg.host.owners import look_up

        yield Owner(*look_up(f"{name}:{name}"))
    finally:
        subprocess.run(["userdel", name], check=False, capture_output=True)


def test_root_makes_a_key_for_another_user_who_owns_all_of_it(stranger: Owner, environ: dict[str, str]) -> None:
    home = keyrings.short_folder()
    os.chown(home, stranger.uid, stranger.gid)
    gpg = Session(home, environ, stranger)
    try:
        key = made(gpg, KeyRequest("puppetmaster-prod", None, **CURVES))
        owners = {(path.lstat().st_uid, path.lstat().st_gid) for path in (home, *home.rglob("*"))}
        before = processes_of(stranger)
        gpg.stop_agent()
        deadline = time.monotonic() + 10  # gpgconf does not wait for the agent's end
        while (left := processes_of(stranger)) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        keyrings.remove(home)
    assert key.has_secret
    assert owners == {(stranger.uid, stranger.gid)}
    assert (before, left) == (["gpg-agent"], [])


def processes_of(owner: Owner) -> list[str]:
    ran = subprocess.run(["pgrep", "-l", "-U", str(owner.uid)], capture_output=True, check=False)
    return [line.split()[1] for line in ran.stdout.decode().splitlines()]
