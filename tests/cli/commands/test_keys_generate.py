"""`keys generate` from the command line: one home a tier, nothing half made, and a puppetmaster who owns it all."""

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import keyrings, pinentry
from tests.support.tool import Person


@pytest.fixture
def short() -> Iterator[Path]:
    folder = keyrings.short_folder()
    yield folder
    for home in folder.iterdir():
        keyrings.stop(home)
    keyrings.remove(folder)


@pytest.fixture
def admin(fresh_home: Path, tmp_path: Path) -> Person:
    return Person(fresh_home, tmp_path)


def test_one_call_makes_one_home_a_tier_with_all_that_is_needed(admin: Person, short: Path) -> None:
    names = ("pm-dev", "pm 50%{x}")
    said = admin("keys", "generate", *names, "--homedir", f"{short}/{{name}}", "--algo", "cv25519", "-q")
    assert (said.status, said.err) == (0, "")
    for name, place in (("pm-dev", f"{short}/pm-dev"), ("pm 50%{x}", f"{short}/pm 50%{{literal('%')}}{{x}}")):
        home = short / name
        [fingerprint] = keyrings.fingerprints(home)
        assert home.stat().st_mode & 0o777 == 0o700
        assert f"Name-Real: {name}\n" in (home / f"{fingerprint}.batch").read_text()
        assert (home / f"{fingerprint}.asc").read_text().startswith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n")
        assert f'      gpg_gnupghome: "{place}"\n' in said.text
        assert f"      # {name}\n      {fingerprint}\n" in said.text
        assert str(home / "openpgp-revocs.d" / f"{fingerprint}.rev") in said.text
        assert not (home / "S.gpg-agent").exists()


def test_the_parameter_file_is_printed_and_nothing_made(admin: Person, short: Path) -> None:
    out = admin.text_of("keys", "generate", "a", "b", "--homedir", f"{short}/{{name}}", "--print-batch")
    assert [line for line in out.splitlines() if line.startswith("Name")] == ["Name-Real: a", "Name-Real: b"]
    assert list(short.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("a", "b", "--homedir", "SHORT/x"), 2, "2 keys in one GnuPG home would open the same values"),
        (("a", "a", "--homedir", "SHORT/{name}"), 2, "'a' is named twice"),
        (("../a", "--homedir", "SHORT/{name}"), 3, "the name '../a' cannot be a folder's, as {name} in --homedir asks"),
        (("..", "--homedir", "SHORT/{name}"), 3, "the name '..' cannot be a folder's, as {name} in --homedir asks"),
        (
            ("a\nb", "--homedir", "SHORT/x"),
            3,
            "the name 'a\\nb' holds a character that cannot be printed, such as a line end",
        ),
        (("a", "--homedir", "SHORT/no/x"), 3, "SHORT/no/x: there is no folder SHORT/no to make it in"),
        (
            ("a:b", "--homedir", "SHORT/{name}", "--algo", "cv25519"),
            3,
            "SHORT/a:b: gpg-agent cannot run in a folder with a colon in its path, and without it no key is made",
        ),
        (("a", "--homedir", ""), 2, "--homedir is empty"),
        (
            ("a", "b", "--homedir", "SHORT/{name}", "--email", "x@y.z"),
            2,
            "--email x@y.z: one address for several keys names none of them",
        ),
        (
            ("a", "--person", "--owner", "root:root"),
            2,
            "--person asks the person for a passphrase, so --owner does not go with it",
        ),
        (("a", "b", "--person"), 2, "--person makes one key: one person, one name"),
        (("a", "--homedir", "SHORT/x", "--owner", "root"), 2, "--owner root: is not USER:GROUP"),
        (
            ("a", "--homedir", "SHORT/x", "--expires", "soon"),
            2,
            "Invalid value for '--expires': 'soon' is no expiry: write 2y, 18m, 90d, 2028-12-31, or 0 for never.",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_made(
    admin: Person, short: Path, words: tuple[str, ...], status: int, sentence: str
) -> None:
    said = admin("keys", "generate", *(word.replace("SHORT", str(short)) for word in words), "-q")
    assert (said.status, said.text) == (status, "")
    assert said.err.splitlines()[0] == f"eyamlgpg: {sentence.replace('SHORT', str(short))}"
    assert list(short.iterdir()) == []


@pytest.mark.parametrize("word", ["0", "never", "NONE"])
def test_a_key_that_never_expires_may_be_asked_for_in_words(admin: Person, short: Path, word: str) -> None:
    shown = admin("keys", "generate", "a", "--homedir", str(short / "x"), "--expires", word, "--print-batch")
    assert "Expire-Date: 0\n" in shown.text


@pytest.mark.parametrize(
    "words",
    [("Al Two", "--email", "al2@example.com"), ("pm",), ("pm", "--expires", "0"), ("pm-dev", "pm-prod")],
    ids=" ".join,
)
def test_a_key_without_passphrase_is_not_made_in_ones_own_home_unasked(admin: Person, words: tuple[str, ...]) -> None:
    before = sorted(admin.home.rglob("*"))
    said = admin("keys", "generate", *words, "--algo", "cv25519")
    assert (said.status, said.text, "--homedir" in said.err) == (2, "", True)
    assert ("--person" in said.err) == (len([word for word in words if word.startswith("pm-")]) == 0)
    assert sorted(admin.home.rglob("*")) == before


def test_a_home_that_is_named_counts_as_asked_for(admin: Person, short: Path) -> None:
    said = admin("keys", "generate", "pm", "--gpg-gnupghome", str(admin.home), "--algo", "cv25519", "-q")
    assert (said.status, len(keyrings.fingerprints(admin.home)), "no passphrase" in said.text) == (0, 1, True)
    assert list(short.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [("pm-prod",), ("pm", "--email", "pm@example.com"), ("--person", "Ann")],
    ids=" ".join,
)
def test_a_home_that_has_a_secret_key_is_told_about(admin: Person, short: Path, words: tuple[str, ...]) -> None:
    admin.text_of("keys", "generate", "pm", "--homedir", f"{short}/pm", "--algo", "cv25519")
    [first] = keyrings.fingerprints(short / "pm")
    pinentry.install(short / "pm", "say a passphrase 1")
    said = admin("keys", "generate", *words, "--homedir", f"{short}/pm", "--algo", "cv25519")
    assert said.status == 0, said.err
    assert f"warning: {short}/pm: holds a secret key already, pm ({first})" in said.err


def test_a_name_has_one_key_in_a_home(admin: Person, short: Path) -> None:
    words = ("keys", "generate", "pm", "--homedir", f"{short}/pm", "--algo", "cv25519")
    admin.text_of(*words)
    said = admin(*words)
    assert (said.status, said.text, len(keyrings.fingerprints(short / "pm"))) == (3, "", 1)
    assert "holds a secret key for pm already" in said.err


def test_a_run_that_was_ended_before_it_wrote_the_public_key_is_taken_up(admin: Person, short: Path) -> None:
    words = ("keys", "generate", "pm", "--homedir", f"{short}/pm", "--algo", "cv25519")
    admin.text_of(*words)
    [made] = keyrings.fingerprints(short / "pm")
    (short / "pm" / f"{made}.asc").unlink()
    command = next(line for line in admin(*words).err.splitlines() if "eyamlgpg keys export" in line)
    admin.text_of(*shlex.split(command[command.index("keys export") :]))
    assert "BEGIN PGP PUBLIC KEY BLOCK" in (short / "pm" / f"{made}.asc").read_text()


def test_a_home_that_others_may_look_into_is_refused(admin: Person, short: Path) -> None:
    (short / "open").mkdir(mode=0o755)
    said = admin("keys", "generate", "pm", "--homedir", f"{short}/open", "--algo", "cv25519")
    assert (said.status, "mode 755 lets other users in" in said.err) == (3, True)
    assert list((short / "open").iterdir()) == []


def test_a_person_is_told_where_no_passphrase_was_chosen(admin: Person) -> None:
    pinentry.install(admin.home, "say ")
    said = admin("keys", "generate", "--person", "Ann", "--email", "ann@example.com", "--algo", "cv25519")
    [fingerprint] = keyrings.fingerprints(admin.home)
    assert said.status == 0
    assert said.text.startswith(f"Ann <ann@example.com>\n  fingerprint              {fingerprint}\n")
    assert f"warning: the key has no passphrase: gpg --change-passphrase {fingerprint} gives it one" in said.err


@pytest.fixture
def account() -> Iterator[str]:
    if os.geteuid() != 0:
        pytest.skip("only root can make a user, and a key for them")
    if shutil.which("useradd") is None:
        pytest.skip("there is no useradd to make a user with")
    name = f"egc{os.getpid()}"
    subprocess.run(["useradd", "--no-create-home", "--user-group", name], check=True)
    yield name
    subprocess.run(["userdel", name], check=False, capture_output=True)


def test_root_makes_a_home_that_belongs_to_the_puppetmaster_alone(admin: Person, short: Path, account: str) -> None:
    short.chmod(0o755)
    home = short / "pm"
    admin.text_of(
        "keys", "generate", "pm", "--homedir", str(home), "--owner", f"{account}:{account}", "--algo", "cv25519"
    )
    user = pwd.getpwnam(account)
    states = {path.relative_to(home).as_posix(): path.lstat() for path in (home, *home.rglob("*"))}
    assert {(state.st_uid, state.st_gid) for state in states.values()} == {(user.pw_uid, user.pw_gid)}
    assert states["."].st_mode & 0o777 == 0o700
    listing = subprocess.run(
        ["gpg", "--homedir", str(home), "--with-colons", "--list-secret-keys"],
        user=account,
        cwd="/",
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    ).stdout
    assert listing.startswith(b"sec:u:")
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], user=account, cwd="/", check=True)


def test_root_does_not_make_a_key_in_somebody_elses_home(admin: Person, short: Path, account: str) -> None:
    home = short / "pm"
    home.mkdir(mode=0o700)
    os.chown(home, pwd.getpwnam(account).pw_uid, 0)
    said = admin("keys", "generate", "pm", "--homedir", str(home), "--algo", "cv25519")
    assert (said.status, f"belongs to user {pwd.getpwnam(account).pw_uid}, not to user 0" in said.err) == (3, True)
    assert list(home.iterdir()) == []


def test_root_is_told_that_puppet_could_not_read_the_key(admin: Person, short: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can be warned so")
    said = admin("keys", "generate", "pm", "--homedir", f"{short}/pm", "--algo", "cv25519")
    assert "warning: the home will belong to root, and Puppet could not read it" in said.err
