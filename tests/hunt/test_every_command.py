"""A secret goes through every command, and shows nowhere but where the user asked for it."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from docs.reference.generate import commands
from tests.hunt.watched import FINGERPRINTS, Hunter
from tests.support.keyrings import known
from tests.support.roles import NAME, lines, repository
from tests.support.tool import Tool

SECRET = b"Xk7q-Hunted/9zP+"
EDITOR = """#!/bin/sh
sed -i 's/Xk7q-Hunted/Xk7q-Hunted/; s/second/other/' "$1"
echo "plain: text" >> "$1"
"""


@dataclass(frozen=True)
class Hunt:
    """One command line that has the secret in its hands."""

    words: str
    stdin: bytes = b""
    statuses: tuple[int, ...] = (0,)
    may_answer: bool = False
    """The user asked for the plaintext."""


HUNTS: dict[str, tuple[Hunt, ...]] = {
    "encrypt": (
        Hunt("encrypt --stdin", SECRET),
        Hunt("encrypt --stdin -o block -l a::b", SECRET),
        Hunt(f"encrypt -s {SECRET.decode()}"),
        Hunt("encrypt -e -", b"k: DEC::GPG[" + SECRET + b"]!\n"),
        Hunt("encrypt -e broken.eyaml", statuses=(3,)),
    ),
    "decrypt": (
        Hunt("decrypt -f a.eyaml", may_answer=True),
        Hunt("decrypt -e a.eyaml", may_answer=True),
        Hunt("decrypt -f damaged.eyaml", statuses=(4,), may_answer=True),
    ),
    "edit": (Hunt("edit a.eyaml"), Hunt("edit damaged.eyaml", statuses=(4,))),
    "get": (
        Hunt("get a.eyaml a::secret", may_answer=True),
        Hunt("get a.eyaml a::secre", statuses=(3,)),
        Hunt("get damaged.eyaml a::secret", statuses=(4,)),
    ),
    "set": (
        Hunt("set a.eyaml a::secret --stdin", SECRET),
        Hunt("set a.eyaml new::key --stdin", SECRET),
        Hunt("set alias.eyaml b --stdin", SECRET, statuses=(3,)),
        Hunt(f"set a.eyaml other::key -s {SECRET.decode()}"),
    ),
    "recrypt": (
        Hunt("recrypt --all --verify -v", statuses=(0, 4)),
        Hunt("recrypt --fresh --all --jobs 2 --format json", statuses=(0, 4)),
        Hunt("recrypt damaged.eyaml --all", statuses=(3, 4)),
    ),
    "who": (Hunt("who --long"), Hunt("who --format json"), Hunt("who --format csv")),
    "onboard": (Hunt("onboard ../frank.asc --role dba -y --fingerprint {frank} -v", statuses=(0, 4)),),
    "offboard": (Hunt("offboard bob@example.com -y -v", statuses=(0, 4)),),
    "rotation": (
        Hunt("rotation bob@example.com", statuses=(0, 1)),
        Hunt("rotation bob@example.com --format json", statuses=(0, 1)),
        Hunt("rotation bob@example.com --format csv", statuses=(0, 1)),
    ),
    "audit": (*(Hunt(f"audit --format {how}") for how in ("text", "json", "csv", "html")), Hunt("audit HEAD~1..HEAD")),
    "diff": (
        *(Hunt(f"diff HEAD~1..HEAD --format {how}") for how in ("text", "json", "markdown")),
        Hunt("diff HEAD~1 --show --show", may_answer=True),
        Hunt("diff HEAD~1 --show", statuses=(2,)),
    ),
    "recipients list": (Hunt("recipients list"),),
    "recipients add": (Hunt("recipients add carol@example.com --gpg-always-trust -y -v", statuses=(0, 4)),),
    "recipients remove": (Hunt("recipients remove puppetmaster-prod@example.com -y -v", statuses=(0, 4)),),
    "recipients replace": (Hunt("recipients replace {bob} {carol} -y -v", statuses=(4,)),),
    "recipients pin": (Hunt("recipients pin"),),
    "recipients sync": (Hunt("recipients sync -y -v"),),
    "recipients lint": (Hunt("recipients lint", statuses=(0, 1)),),
    "recipients sign": (Hunt("recipients sign", statuses=(0, 3)),),
    "recipients verify": (Hunt("recipients verify", statuses=(0, 1, 3)),),
    "keys generate": (Hunt("keys generate pm-new --homedir ../pm --algo cv25519"),),
    "keys export": (Hunt("keys export {bob}"),),
    "keys import": (Hunt("keys import ../frank.asc"),),
    "keys sign": (Hunt("keys sign {bob} -y"),),
    "keys list": (Hunt("keys list"),),
    "keys check": (Hunt("keys check", statuses=(0, 1)),),
    "check": (
        *(
            Hunt(f"check --format {how}", statuses=(1,))
            for how in ("text", "json", "sarif", "github", "gitlab", "junit")
        ),
        Hunt("check --staged", statuses=(1,)),
    ),
    "explain": (Hunt("explain plaintext-secret-name", statuses=(0, 2, 3)),),
    "hook install": (Hunt("hook install"),),
    "hook uninstall": (Hunt("hook uninstall", statuses=(0, 3)),),
    "hook status": (Hunt("hook status", statuses=(0, 1)),),
    "hiera init": (Hunt("hiera init"),),
    "hiera check": (Hunt("hiera check", statuses=(0, 1, 3)),),
    "git install": (Hunt("git install --yaml"),),
    "git uninstall": (Hunt("git uninstall"),),
    "git status": (Hunt("git status", statuses=(1,)),),
    "git textconv": (
        Hunt("git textconv a.eyaml", may_answer=True),
        Hunt("git textconv damaged.eyaml", may_answer=True),
    ),
    "git merge-values": (
        Hunt("git merge-values merged/base merged/ours merged/theirs 7 a.eyaml"),
        Hunt("git merge-values merged/base merged/other merged/theirs 7 a.eyaml", statuses=(1,)),
    ),
    "git merge-recipients": (Hunt(f"git merge-recipients {NAME} {NAME} {NAME} 7 {NAME}"),),
    "doctor": (Hunt("doctor", statuses=(0, 1)), Hunt("doctor --format json", statuses=(0, 1))),
    "completion": (Hunt("completion bash"),),
}
"""For each command what is run; `demo` runs these commands on secrets of its own."""


@pytest.fixture
def hunter(tmp_path: Path, tool: Tool, home: Callable[[str], Path], home_copy: Callable[[str], Path]) -> Hunter:
    """A repository with the secret in it: encrypted, damaged, beside an alias, and in clear in a file of its own."""
    mine = home_copy("alice")
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tree").mkdir()
    (tmp_path / "frank.asc").write_bytes(known("frank").public)
    tree = repository(tmp_path / "tree", tool, lambda who: mine if who == "alice" else home(who))
    tree.done("set", "a.eyaml", "a::secret", "--stdin", stdin=SECRET)
    tree.done("set", "a.eyaml", "a::second", "--stdin", stdin=b"second")
    whole = tree.text("a.eyaml")
    middle = whole.index("ENC[GPG,") + 600
    tree.write("damaged.eyaml", whole[:middle] + ("A" if whole[middle] != "A" else "B") + whole[middle + 1 :])
    tree.write("merged/base", tree.text("a.eyaml"))
    tree.write("merged/ours", tree.text("a.eyaml"))
    tree.write("merged/other", tree.text("a.eyaml"))
    tree.write("merged/theirs", tree.text("a.eyaml"))
    tree.done("set", "merged/other", "a::secret", "--stdin", stdin=SECRET + b"other")
    tree.done("set", "merged/theirs", "a::secret", "--stdin", stdin=SECRET + b"theirs")
    tree.write("alias.eyaml", "a: &x 1\nb: *x\n")
    tree.write("broken.eyaml", "a: DEC::GPG[unfinished\n")
    tree.write(f"apart/{NAME}", lines("alice", "bob"))
    tree.commit()
    editor = tmp_path / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    environ = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "GNUPGHOME": str(mine),
        "TMPDIR": str(tmp_path / "tmp"),
        "EDITOR": str(editor),
        "GIT_AUTHOR_NAME": "T",
        "GIT_AUTHOR_EMAIL": "t@example.com",
    }
    for name in ("XDG_RUNTIME_DIR", "PYTEST_CURRENT_TEST"):
        environ.pop(name, None)
    return Hunter(tmp_path, tmp_path / "tree", SECRET, environ)


def leaves() -> set[str]:
    """Every command that does something, and those that only git calls."""
    return {"git textconv", "git merge-values", "git merge-recipients"} | {
        words.removeprefix("eyamlgpg ")
        for words, command in commands()
        if not isinstance(command, click.Group) and words != "eyamlgpg demo"
    }


def test_every_command_is_hunted() -> None:
    assert set(HUNTS) == leaves()


CASES = [hunt for hunts in HUNTS.values() for hunt in hunts]


@pytest.mark.parametrize("hunt", CASES, ids=[hunt.words for hunt in CASES])
def test_the_secret_shows_nowhere(hunter: Hunter, hunt: Hunt) -> None:
    words = hunt.words.format(**FINGERPRINTS).split()
    if words[0] == "check":
        # What `check` is there for: the secret in clear, which no report may repeat. It is gone before the hunt begins.
        clear = hunter.folder / "clear.yaml"
        clear.write_text(f"ENC[: x\ndb::password: {SECRET.decode()}\n".replace("ENC[: x\n", "n: ENC[GPG,x]\n"))
        subprocess.run(["git", "add", "clear.yaml"], cwd=hunter.folder, check=True)
    ran = hunter.run(*words, stdin=hunt.stdin)
    if words[0] == "check":
        clear.unlink()
        _forget_staged(hunter)
    assert ran.status in hunt.statuses, ran.err.decode()
    assert hunter.finds(ran, may_answer=hunt.may_answer) == []


def _forget_staged(hunter: Hunter) -> None:
    """Unstage the file, and remove its object, which this test made and not the command."""
    subprocess.run(["git", "rm", "-q", "--cached", "clear.yaml"], cwd=hunter.folder, check=True)
    subprocess.run(["git", "prune"], cwd=hunter.folder, check=True)


TRACED = (
    Hunt("edit a.eyaml -t"),
    Hunt("set a.eyaml a::secret --stdin -t", SECRET),
    Hunt("recrypt a.eyaml --all --fresh -t"),
    Hunt("recipients add carol@example.com --gpg-always-trust -y -t"),
    Hunt("offboard bob@example.com -y -t"),
)


@pytest.mark.parametrize("hunt", TRACED, ids=[hunt.words for hunt in TRACED])
def test_no_traceback_shows_it(hunter: Hunter, hunt: Hunt) -> None:
    """Where the disk is full at the last step, all that was in memory still stands in the frames."""
    ran = hunter.run(*hunt.words.split(), stdin=hunt.stdin, environ={"HUNT_FULL": "yes"})
    assert (ran.status, b"Traceback" in ran.err, b"No space left" in ran.err) == (3, True, True), ran.err.decode()
    assert hunter.finds(ran, may_answer=False) == []


@pytest.mark.parametrize("words", ["get a.eyaml a::secret -t", "encrypt --stdin -t", "edit a.eyaml -t"])
def test_no_traceback_shows_it_where_there_is_no_gpg(hunter: Hunter, words: str) -> None:
    ran = hunter.run(*words.split(), stdin=SECRET, environ={"PATH": "/nowhere"})
    assert (ran.status, b"Traceback" in ran.err) == (3, True), ran.err.decode()
    assert hunter.finds(ran, may_answer=False) == []


def test_the_hunt_finds_what_it_is_there_for(hunter: Hunter) -> None:
    """A secret in another program's arguments, in a file, in an object of git, and in stderr."""
    ran = hunter.run("encrypt", "--stdin", stdin=SECRET)
    program = ("argv", "gpg", SECRET.decode())
    (hunter.folder / "left").write_bytes(b"x" + SECRET.hex().encode())
    subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=hunter.folder, input=SECRET, check=True)
    seen = type(ran)(0, SECRET, SECRET, (program, ("file", "/tmp/x"), ("file", "/dev/shm/eyamlgpg-edit-1/x")))
    found = hunter.finds(seen, may_answer=False)
    assert [line.partition(":")[0] for line in found] == ["argv", "file", "stderr", "stdout", "file", "file"]
