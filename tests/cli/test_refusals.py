"""What is printed where it cannot be done: one sentence that names the thing, then what to do about it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import corpus, keyrings
from tests.support.keyrings import NewKey, known, make_key
from tests.support.tool import Ran, Tool

Home = Callable[[str], Path]

IMPORT = "eyamlgpg:   import it: eyamlgpg keys import FILE\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder, in which and above which no recipients file stands."""
    return tmp_path


def refused(recipient: str, tool: Tool, home: Path, folder: Path) -> str:
    ran = tool("encrypt", "-s", "x", "--gpg-recipients", recipient, home=home, cwd=folder)
    assert (ran.status, ran.out) == (3, b"")
    return ran.err


def copied(name: str, folder: Path) -> Path:
    return Path(shutil.copy(corpus.FOLDER / "tree" / name, folder / "a.eyaml"))


# recipients


def test_no_recipients_file(tool: Tool, home: Home, folder: Path) -> None:
    assert tool("encrypt", "-s", "x", home=home("alice"), cwd=folder) == Ran(
        3,
        b"",
        f"eyamlgpg: no recipients: there is no hiera-eyaml-gpg.recipients in {folder} or above it\n"
        "eyamlgpg:   make one: eyamlgpg recipients add ID... --at DIR\n"
        "eyamlgpg:   or name the recipients: --gpg-recipients alice@example.com,bob@example.com\n",
    )


def test_an_unknown_recipient(tool: Tool, home: Home, folder: Path) -> None:
    assert refused("nobody@nowhere.test", tool, home("alice"), folder) == (
        f"eyamlgpg: --gpg-recipients: nobody@nowhere.test: no such key on the keyring\n{IMPORT}"
    )


def test_an_expired_recipient(tool: Tool, home: Home, folder: Path) -> None:
    dave = known("dave").fingerprint
    assert refused("dave@example.com", tool, home("alice"), folder) == (
        f"eyamlgpg: --gpg-recipients: dave@example.com: key {dave} (Dave Expired <dave@example.com>)"
        " expired on 2020-12-31\n"
        f"eyamlgpg:   its owner can extend it (gpg --quick-set-expire {dave} 2y) and send it again\n{IMPORT}"
    )


def test_a_revoked_recipient(tool: Tool, home: Home, folder: Path) -> None:
    assert refused("erin@example.com", tool, home("alice"), folder) == (
        f"eyamlgpg: --gpg-recipients: erin@example.com: key {known('erin').fingerprint}"
        " (Erin Revoked <erin@example.com>) was revoked\n"
        f"eyamlgpg:   ask its owner for the key that is used now\n{IMPORT}"
    )


def test_a_recipient_whom_nobody_certified(tool: Tool, home: Home, folder: Path) -> None:
    frank = known("frank").fingerprint
    assert refused("frank@example.com", tool, home("alice"), folder) == (
        f"eyamlgpg: --gpg-recipients: frank@example.com: key {frank} (Frank Unsigned <frank@example.com>)"
        " is not certified: the validity of that user ID is unknown here, and full is needed\n"
        "eyamlgpg:   compare the fingerprint with its owner, on the phone or face to face\n"
        f"eyamlgpg:   then certify it: eyamlgpg keys sign {frank}, or gpg --lsign-key {frank}\n"
        "eyamlgpg:   where every key on the keyring is trusted by other means: --gpg-always-trust\n"
    )


def test_two_keys_for_one_address(tool: Tool, fresh_home: Path, folder: Path) -> None:
    names = {make_key(fresh_home, NewKey(f"Zoe {name} <zoe@example.com>")): name for name in ("Old", "New")}
    one, other = keyrings.listed(*names)
    assert refused("zoe@example.com", tool, fresh_home, folder) == (
        "eyamlgpg: --gpg-recipients: zoe@example.com: matches 2 keys\n"
        f"eyamlgpg:   {one}  Zoe {names[one]} <zoe@example.com>  validity ultimate, never expires: can be used\n"
        f"eyamlgpg:   {other}  Zoe {names[other]} <zoe@example.com>  validity ultimate, never expires: can be used\n"
        "eyamlgpg:   write the full fingerprint of the one that is meant\n"
    )


def test_every_bad_recipient_is_named_and_nothing_is_encrypted(tool: Tool, home: Home, folder: Path) -> None:
    names = ("alice@example.com", "dave@example.com", "erin@example.com", "frank@example.com", "x@nowhere.test")
    (folder / "hiera-eyaml-gpg.recipients").write_text("".join(f"{name}\n" for name in names))
    ran = tool("encrypt", "-s", "x", home=home("alice"), cwd=folder)

    sentences = [line for line in ran.err.splitlines() if not line.startswith("eyamlgpg:   ")]
    assert (ran.status, ran.out) == (3, b"")
    file = "hiera-eyaml-gpg.recipients"
    assert [line.partition(": key ")[0].partition(": no such")[0] for line in sentences] == [
        f"eyamlgpg: {file}:{at}: {names[at - 1]}" for at in (2, 3, 4, 5)
    ]


# values


def test_no_secret_key_for_a_value(tool: Tool, home: Home, folder: Path) -> None:
    copied("hieradata/production/dc1/base.eyaml", folder)
    people = "Puppetmaster Prod <puppetmaster-prod@example.com>, Carol Chen <carol@example.com>"
    assert tool("decrypt", "-f", "a.eyaml", home=home("alice"), cwd=folder) == Ran(
        4,
        b"",
        f"eyamlgpg: a.eyaml:3: dc_secret: no secret key here opens it; it is encrypted to {people}\n"
        f"eyamlgpg:   looked for in the GnuPG home {home('alice')}; --gpg-gnupghome or GNUPGHOME names another\n"
        "eyamlgpg:   values can be added and replaced without reading them: eyamlgpg set, or eyamlgpg edit -d\n"
        f"eyamlgpg: a.eyaml:4: quoted key: no secret key here opens it; it is encrypted to {people}\n"
        f"eyamlgpg: a.eyaml:6: complex key: no secret key here opens it; it is encrypted to {people}\n",
    )


def test_a_truncated_value(tool: Tool, home: Home, folder: Path) -> None:
    copied("other/truncated.eyaml", folder)
    assert tool("decrypt", "-e", "a.eyaml", home=home("alice"), cwd=folder) == Ran(
        4,
        b"",
        "eyamlgpg: a.eyaml:3: bad: not a whole OpenPGP message: the OpenPGP message is cut short\n"
        "eyamlgpg:   take the value from an older version of the file\n",
    )


def test_a_value_that_somebody_tampered_with_is_not_taken_for_one_without_a_key(
    tool: Tool, home: Home, folder: Path
) -> None:
    """gpg names the other recipients as keys that it has not, whatever the failure was."""
    copied("other/bitflip.eyaml", folder)
    assert tool("decrypt", "-e", "a.eyaml", home=home("alice"), cwd=folder) == Ran(
        4, b"", "eyamlgpg: a.eyaml:2: bad: the message is damaged: it fails its integrity check\n"
    )


# the machine


def test_gpg_not_installed(tool: Tool, home: Home, folder: Path) -> None:
    copied("layouts/string.eyaml", folder)
    nowhere = {"PATH": str(folder)}
    said = (
        "eyamlgpg: gpg was not found on PATH\n"
        "eyamlgpg:   install GnuPG: `apt install gnupg`, `dnf install gnupg2`, `brew install gnupg`\n"
    )
    for words in (("encrypt", "-s", "x", "--gpg-recipients", "alice@example.com"), ("decrypt", "-f", "a.eyaml")):
        assert tool(*words, home=home("alice"), cwd=folder, environ=nowhere) == Ran(3, b"", said)


def test_a_homedir_that_others_may_enter_is_used_with_a_warning(tool: Tool, home_copy: Home, folder: Path) -> None:
    copied("layouts/no-final-newline.eyaml", folder)
    home = home_copy("alice")
    home.chmod(0o755)
    ran = tool("decrypt", "-f", "a.eyaml", home=home, cwd=folder)

    assert (ran.status, ran.err) == (
        0,
        f"eyamlgpg: warning: {home}: mode 755 lets other users in; chmod 700 '{home}'\n",
    )


@pytest.mark.parametrize("command", [["set", "a.eyaml", "key", "--stdin"], ["edit", "a.eyaml"]], ids=["set", "edit"])
def test_a_read_only_file_is_refused_before_anybody_types(home: Home, folder: Path, command: list[str]) -> None:
    file = folder / "a.eyaml"
    file.write_text("key: old\n")
    file.chmod(0o444)
    words = [*command, "--gpg-recipients", known("alice").fingerprint]
    # Root may write to anything, unless it gives that right away.
    ordinary = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    ran = subprocess.run(
        [*ordinary, sys.executable, "-m", "eyamlgpg", *words],
        input=b"x",
        capture_output=True,
        check=False,
        cwd=folder,
        env={
            **keyrings.environment(),
            "GNUPGHOME": str(home("alice")),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "EDITOR": "false",
        },
    )

    assert (ran.returncode, ran.stdout, ran.stderr.decode(), file.read_text()) == (
        3,
        b"",
        "eyamlgpg: a.eyaml: is read-only\neyamlgpg:   give yourself the right to write to it first\n",
        "key: old\n",
    )
