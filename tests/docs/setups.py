"""The set-ups that pages name: what is there before a page's first command is typed.

`an empty home` is a new user's: gpg, git and eyamlgpg are on PATH, and nothing else. The others start there, too.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.terminal import Terminal, program
from tests.support import keyrings, pinentry
from tests.support.keyrings import KEYS, known
from tests.support.tool import Tool

ROOT = Path(__file__).resolve().parents[2]
SOPS = """case "$*" in
'decrypt --extract ["api"]["token"] secrets.yaml') printf tok-5f3a ;;
'decrypt secrets.yaml') printf 'api:\\n  token: tok-5f3a\\n  user_id: svc-api\\n' ;;
*) echo "sops: $*?" >&2; exit 1 ;;
esac
"""
GOPASS = """case "$*" in
'ls --flat') printf 'db/password\\nmail/password\\n' ;;
'show -o db/password') echo battery-staple ;;
'show -o mail/password') echo green-tea ;;
*) echo "gopass: $*?" >&2; exit 1 ;;
esac
"""
NEWCOMER = "Dora Diaz <dora@example.com>"

FILES = {
    ".eyamlgpg/policy.yaml": (
        "version: 1\npuppetmasters:\n"
        f"  puppetmaster-dev: {known('puppetmaster-dev').fingerprint}\n"
        f"  puppetmaster-prod: {known('puppetmaster-prod').fingerprint}\n"
    ),
    "hieradata/common.eyaml": (
        "---\nntp::servers: [0.pool.example.org]\nprofile::db::password: DEC::GPG[correct-horse]!\n"
        "profile::ci::bot: DEC::GPG[tok-5f3a]!\n"
    ),
    "hieradata/production/app.eyaml": "---\nprofile::app::pepper: DEC::GPG[prod-only]!\n",
    "hieradata/development/app.eyaml": "---\nprofile::app::pepper: DEC::GPG[green-tea]!\n",
}
LISTS = {
    "hieradata": ("alice", "bob", "puppetmaster-dev", "puppetmaster-prod"),
    "hieradata/development": ("alice", "bob", "puppetmaster-dev"),
    "hieradata/production": ("alice", "bob", "puppetmaster-prod"),
}
PEOPLE = ("alice", "bob", "carol", "puppetmaster-dev", "puppetmaster-prod")

ONE_USER_ID = "keep-uid=uid !~ home.example.org"
"""Alice's private address stays out of the pages."""


class Worlds:
    """What sessions of one worker share: made once, and copied into each."""

    def __init__(self) -> None:
        self.folder = keyrings.short_folder()
        self._homes: dict[str, Path] = {}
        self._trees: dict[frozenset[str], Path] = {}

    def keyring(self, whose: str = "alice", without: str = "") -> Path:
        """Somebody's GnuPG home: their secret key, and the others' public ones; Alice certified them all."""
        name = f"{whose}-{without}"
        if name not in self._homes:
            home = self._homes[name] = keyrings.make_home(self.folder / name)
            others = [f"{one}.pub.asc" for one in PEOPLE if one not in {whose, without}] if whose == "alice" else []
            for file in (f"{whose}.sec.asc", *others):
                keyrings.gpg(home, "--import-filter", ONE_USER_ID, "--import", str(KEYS / file))
            keyrings.trust(home, f"{known(whose).fingerprint}:6:")
            keyrings.gpg(home, "--check-trustdb")
        return self._homes[name]

    def tree(self, without: str = "") -> Path:
        """A control repository of the team, one commit; with or without one of them."""
        out = frozenset({without})
        if out not in self._trees:
            self._trees[out] = _make_tree(self.folder / f"tree{len(self._trees)}", self.keyring(), out)
        return self._trees[out]

    def close(self) -> None:
        """Stop the agents, and remove it all."""
        for home in self._homes.values():
            keyrings.stop(home)
        keyrings.remove(self.folder)


def _make_tree(tree: Path, home: Path, without: frozenset[str]) -> Path:
    for name, text in FILES.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for folder, names in LISTS.items():
        listed = [name for name in names if name not in without]
        lines = "".join(f"# {known(name).user_ids[-1]}\n{known(name).fingerprint}\n" for name in listed)
        (tree / folder / "hiera-eyaml-gpg.recipients").write_text(lines)
    values = [name for name in FILES if name.endswith(".eyaml")]
    keys = [known(name).fingerprint for name in PEOPLE if name not in {"carol", *without}]
    for words in (*(("encrypt", "-i", "-e", name) for name in values), ("keys", "export", *keys)):
        ran = Tool()(*words, home=home, cwd=tree)
        assert ran.status == 0, ran.err
    _git(tree, "init", "-q", "-b", "main")
    _git(tree, "add", "-A")
    _git(tree, "commit", "-q", "-m", "hiera: the first secrets")
    return tree


@contextmanager
def session(setup: str, worlds: Worlds) -> Iterator[Terminal]:
    """A shell in this set-up."""
    terminal = Terminal({**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        program(terminal.home / ".bin", "eyamlgpg", f'exec "{sys.executable}" -m eyamlgpg "$@"\n')
        program(terminal.home / ".bin", "python3", f'exec "{sys.executable}" "$@"\n')
        program(terminal.home / ".bin", "nano", 'for file; do :; done\nexec sed -i -e "$EDITS" "$file"\n')
        (terminal.home / ".gitconfig").write_text(
            "[user]\n\tname = Alice Anders\n\temail = alice@example.com\n[init]\n\tdefaultBranch = main\n"
            "[advice]\n\tdetachedHead = false\n[core]\n\tpager = cat\n"
        )
        terminal.start(SETUPS[setup](terminal.home, worlds))
        yield terminal
    finally:
        terminal.close()


def _empty(home: Path, worlds: Worlds) -> Path:
    return home


def _pinentry(home: Path, worlds: Worlds) -> Path:
    """A new user, whose pinentry gives `correct horse`."""
    keyrings.make_home(home / ".gnupg")
    pinentry.install(home / ".gnupg", "say correct horse")
    return home


def _team(home: Path, worlds: Worlds, without: str = "") -> Path:
    keyrings.copy(worlds.keyring(without=without), home / ".gnupg")
    pinentry.install(home / ".gnupg", "say correct horse")
    keyrings.copy(worlds.keyring("bob"), home / "bob")
    shutil.copytree(worlds.tree(without), home / "control-repo")
    return home / "control-repo"


def _before_bob(home: Path, worlds: Worlds) -> Path:
    """Bob has sent his public key."""
    tree = _team(home, worlds, without="bob")
    (tree / "bob.asc").write_bytes(known("bob").public)
    return tree


def _newcomer(home: Path, worlds: Worlds) -> Path:
    """A colleague who is to join has sent her public key."""
    tree = _team(home, worlds)
    dora = keyrings.make_home(home / "dora")
    keyrings.make_key(dora, keyrings.NewKey(NEWCOMER))
    (tree / "dora.asc").write_bytes(keyrings.gpg(dora, "--armor", "--export"))
    return tree


def _findings(home: Path, worlds: Worlds) -> Path:
    """What the pages of rules find: an editor's file that was committed, markers, a certificate's key."""
    tree = _team(home, worlds)
    (tree / "bundle.pem").write_text("not a key\n")
    (tree / "hieradata" / ".common.eyaml.swp").write_text("b0VIM\n")
    with (tree / "hieradata" / "common.eyaml").open("a") as file:
        file.write("profile::mail::relay_cred: DEC::GPG[s3cret]!\n")
    _git(tree, "add", "-A")
    _git(tree, "commit", "-q", "-m", "findings")
    return tree


def _other_stores(home: Path, worlds: Worlds) -> Path:
    """Stand-ins for sops and gopass, which print what the real ones would for this store."""
    program(home / ".bin", "sops", SOPS)
    program(home / ".bin", "gopass", GOPASS)
    tree = _team(home, worlds)
    (tree / "secrets.yaml").write_text("sops: {}\n")
    return tree


SETUPS: dict[str, Callable[[Path, Worlds], Path]] = {
    "an empty home": _empty,
    "a new user's home": _pinentry,
    "a team of three": _team,
    "a team before Bob comes": _before_bob,
    "a team and a newcomer's key": _newcomer,
    "a tree with findings": _findings,
    "a team with sops and gopass": _other_stores,
}
"""Each fills the home and gives the folder in which the shell starts."""


def _git(folder: Path, *words: str) -> None:
    person = {
        f"GIT_{role}_{fact}": said
        for role in ("AUTHOR", "COMMITTER")
        for fact, said in (("NAME", "Alice Anders"), ("EMAIL", "alice@example.com"))
    }
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env={**os.environ, **person})
