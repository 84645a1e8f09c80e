"""`eyamlgpg demo`: the whole story on a throwaway keyring and tree, played with the real commands."""

import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.errors import EyamlgpgError, FileProblem, Interrupted
from eyamlgpg.formats.gnupg.key_parameters import Algorithm, KeyRequest
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.generate import generate
from eyamlgpg.gpg.session import Session
from eyamlgpg.host import signals
from eyamlgpg.model.keys import Fingerprint

PARTIES = {
    "alice": KeyRequest("Alice Anders", "alice@example.com", Algorithm.RSA2048),
    "bob": KeyRequest("Bob Brown", "bob@example.com", Algorithm.CV25519),
    "carol": KeyRequest("Carol Chen", "carol@example.com", Algorithm.RSA2048),
    "puppetmaster-dev": KeyRequest("puppetmaster-dev", None, Algorithm.RSA2048),
    "puppetmaster-prod": KeyRequest("puppetmaster-prod", None, Algorithm.RSA2048),
}

RECIPIENTS = {
    "hieradata": ("alice", "puppetmaster-dev", "puppetmaster-prod"),
    "hieradata/development": ("alice", "bob", "puppetmaster-dev"),
    "hieradata/production": ("alice", "puppetmaster-prod"),
}
"""Who may read, at three levels; the nearest list upwards applies."""

FILES = {
    "hieradata/common.eyaml": "---\nntp::servers: [0.pool.example.org]\nmonitoring::token: DEC::GPG[tok-5f3a]!\n",
    "hieradata/development/app1/base.eyaml": (
        "---\n# the first application\napp1::db_user: app1\napp1::db_password: DEC::GPG[green-tea]!\n"
        "app1::tls_key: >\n  DEC::GPG[-----BEGIN EXAMPLE KEY-----\nnot a key\n-----END EXAMPLE KEY-----\n]!\n"
    ),
    "hieradata/development/app2/base.eyaml": "---\napp2::api_key: DEC::GPG[key-of-app2]!\n",
    "hieradata/production/dc1/base.eyaml": "---\ndc1::root_password: DEC::GPG[prod-only]!\n",
}

APP1, APP2, DC1 = (name for name in FILES if name.endswith("base.eyaml"))

EDITOR = "import sys, pathlib; f = pathlib.Path(sys.argv[1]); f.write_text(f.read_text().replace('green', 'black'))\n"


@dataclass
class Story:
    """A folder with a GnuPG home a party and the tree; `fingerprints` are known once the keys are made."""

    folder: Path
    environ: Mapping[str, str]
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict)

    def home(self, party: str) -> Path:
        """The party's GnuPG home."""
        return self.folder / party

    def session(self, party: str) -> Session:
        """Gpg as this party runs it."""
        return Session(self.home(party), self.environ)

    def run(self, party: str, *words: str, expected: int = 0) -> None:
        """Run a command as this party, showing it; anything but the expected status ends the demo."""
        from eyamlgpg.cli.main import main

        say(f"  {party}$ eyamlgpg {shlex.join(words)}")
        name, *rest = words
        group = [rest.pop(0)] if name in ("recipients", "keys") else []
        status = main([name, *group, "--gpg-gnupghome", str(self.home(party)), *rest])
        # Ctrl-C while the editor runs concerns the editor, as it should in `edit`; here it means the demo.
        if signals.taken_by_a_child() is not None or status == Interrupted.status:
            raise Interrupted("the demo was interrupted")
        if status != expected:
            raise EyamlgpgError(f"the demo failed: eyamlgpg {name} ended with status {status}, not {expected}")
        if expected:
            say(f"  (exit status {status}, as it should be)")


def say(line: str = "") -> None:
    """One line of the story."""
    answer(f"{line}\n")


@click.command("demo", cls=TeachingCommand)
@click.option("--keep", metavar="DIR", type=NAMED, help="Keep the tree and the homes in DIR.")
def command(keep: Path | None) -> int:
    """Play the whole story on a throwaway keyring, in seconds. Your own keys are not touched.

    Two puppetmasters and three people; values encrypted, edited, read by the right people and refused to the wrong
    one; a person added and the values re-encrypted. It needs gpg alone, and cleans up.

    $ eyamlgpg demo --keep /tmp/eyamlgpg-demo
    """
    kept = None if keep is None else _empty_folder(keep)
    started = time.monotonic()
    with homedir.throwaway(os.environ) as folder, _surroundings(folder) as environ:
        story = Story(folder, environ)
        try:
            _play(story)
        finally:
            for party in PARTIES:
                story.session(party).stop_agent()
        if kept is not None:
            shutil.copytree(folder, kept, dirs_exist_ok=True, ignore=shutil.ignore_patterns("S.*", "*.lock", "#*#"))
    say(f"Done in {time.monotonic() - started:.1f} s; " + (f"all is kept in {keep}." if keep else "all is cleaned up."))
    return 0


def _empty_folder(keep: Path) -> Path:
    """The folder to keep all in, made now if need be, and told from anywhere; FileProblem where that cannot be."""
    try:
        keep.mkdir(exist_ok=True)
        if any(keep.iterdir()):
            raise FileProblem(f"{keep}: is not empty, so nothing is kept there")
    except OSError as error:
        raise FileProblem(f"{keep}: nothing can be kept there: {error.strerror}") from None
    return keep.absolute()


def _play(story: Story) -> None:
    for scene in (_keys, _tree, _encrypt, _edit, _read, _join):
        scene(story)
        say()


def _keys(story: Story) -> None:
    say("1. Everybody makes a key, each in a GnuPG home of their own; the puppetmasters' have no passphrase.")
    for party, request in PARTIES.items():
        story.home(party).mkdir(mode=0o700)
        story.fingerprints[party] = generate(story.session(party), request)
        say(f"  {party:<18} {request.algorithm:<8} {story.fingerprints[party]}")
    say("  Alice imports the others' public keys and, having compared fingerprints, certifies them.")
    alice = story.session("alice")
    for party in PARTIES:
        if party != "alice":
            public = story.session(party).run(["--export", story.fingerprints[party]]).stdout
            _gpg(alice, ["--import"], public)
            _gpg(alice, ["--yes", "--quick-lsign-key", story.fingerprints[party]])


def _gpg(session: Session, arguments: Sequence[str], stdin: bytes = b"") -> None:
    ran = session.run(arguments, stdin)
    if ran.returncode != 0:
        raise EyamlgpgError(f"the demo failed: gpg {arguments[-1]}: {ran.reason}")


def _tree(story: Story) -> None:
    say("2. A tree of Hiera data. A list in a folder says who may read what stands in it and below.")
    for name, content in FILES.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    for folder, parties in RECIPIENTS.items():
        path = Path(folder, "hiera-eyaml-gpg.recipients")
        path.write_text("".join(_entry(story, party) for party in parties))
        say(f"  {path}: {', '.join(parties)}")
    story.run("alice", "recipients", "list", APP1)


def _entry(story: Story, party: str) -> str:
    return f"# {PARTIES[party].name}\n{story.fingerprints[party]}\n"


def _encrypt(story: Story) -> None:
    say("3. Alice wrote the secrets as markers, DEC::GPG[…]!, and encrypts them where they stand.")
    for name in FILES:
        story.run("alice", "encrypt", "-i", "-e", name)
    _show(APP1)


def _show(name: str) -> None:
    say(f"  {name} now:")
    lines = Path(name).read_text().splitlines()
    for line in lines[:6]:
        say("    " + (line if len(line) < 76 else line[:75] + "…"))
    say(f"    … {len(lines) - 6} more lines")


def _edit(story: Story) -> None:
    say("4. She edits the file. Here the editor is a script that makes green tea black.")
    before = Path(APP1).read_text()
    story.run("alice", "edit", APP1)
    after = Path(APP1).read_text()
    changed = sum(old != new for old, new in zip(before.splitlines(), after.splitlines(), strict=True))
    say(f"  {changed} line of {len(after.splitlines())} changed; the other value kept its ciphertext.")
    story.run("alice", "get", APP1, "app1::db_password")
    say()


def _read(story: Story) -> None:
    say("5. Who is on the list reads; who is not is refused.")
    for party in ("bob", "puppetmaster-dev"):
        story.run(party, "get", APP1, "app1::db_password")
        say()
    story.run("puppetmaster-prod", "get", DC1, "dc1::root_password")
    say()
    story.run("bob", "get", DC1, "dc1::root_password", expected=4)


def _join(story: Story) -> None:
    say("6. Carol joins the developers: she is added to their list, and the values below it are re-encrypted.")
    story.run("carol", "get", APP2, "app2::api_key", expected=4)
    story.run("alice", "recipients", "add", "carol@example.com", "--at", "hieradata/development")
    story.run("carol", "get", APP2, "app2::api_key")
    say()
    story.run("alice", "recrypt")


@contextmanager
def _surroundings(folder: Path) -> Iterator[Mapping[str, str]]:
    """An environment and working directory of the demo's own: no config, no keyring and no editor of the user's."""
    saved, working = dict(os.environ), Path.cwd()
    tree = folder / "tree"
    tree.mkdir()
    script = folder / "editor.py"
    script.write_text(EDITOR)
    for name in ("GNUPGHOME", "HIERA_EYAML_GPG_GNUPGHOME", "EYAML_CONFIG", "VISUAL", "GPG_TTY"):
        os.environ.pop(name, None)
    os.environ |= {"HOME": str(folder), "EDITOR": shlex.join([sys.executable, str(script)])}
    os.chdir(tree)
    try:
        yield os.environ
    finally:
        os.chdir(working)
        os.environ.clear()
        os.environ.update(saved)
