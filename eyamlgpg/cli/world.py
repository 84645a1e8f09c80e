"""One run's world: settings from options, config files and environment; gateways made when first asked for."""

import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.messages import Messages
from eyamlgpg.cli.settings import Settings, read_settings
from eyamlgpg.cli.trees import Trees
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.certificates import GnupgCertificates
from eyamlgpg.gpg.keyring import AbsentKeyring, GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import DirectDecrypter
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.secret_keys import GnupgSecretKeys
from eyamlgpg.gpg.session import Session
from eyamlgpg.host import paths, streams, terminal
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.host.editing.scratch import sweep
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.host.named import tree_root
from eyamlgpg.host.private_folder import private_folder
from eyamlgpg.operations.tree.elsewhere import warning
from eyamlgpg.operations.tree.source import RecipientsRequest, Wanted, find_wanted

STDIN = "-"


@dataclass
class World:
    """Everything that a command reaches outside of itself."""

    settings: Settings
    messages: Messages
    environ: Mapping[str, str]
    now: datetime
    yes: bool = False

    @cached_property
    def homedir(self) -> Path:
        """The path of this run's GnuPG home, which may be yet to be made."""
        return homedir.choose(self.environ, self.settings.gnupghome)

    @cached_property
    def session(self) -> Session:
        """The GnuPG home of this run, checked."""
        path = self.homedir
        self.messages.note(f"using the GnuPG home {path}")
        self.messages.warn(*homedir.check(path))
        return Session(path, self.environ)

    @cached_property
    def keyring(self) -> GnupgKeyring:
        """Its keyring, listed once; an empty one where the user has no GnuPG home yet."""
        if homedir.is_yet_to_be_made(self.environ, self.settings.gnupghome):
            self.messages.warn(f"{self.homedir}: there is no GnuPG home yet, so the keyring is empty")
            return AbsentKeyring(Session(self.homedir, self.environ))
        return GnupgKeyring(self.session)

    def make_home(self) -> None:
        """Make the user's own GnuPG home, as gpg does, where it is not there and no other one was named."""
        if homedir.is_yet_to_be_made(self.environ, self.settings.gnupghome):
            with private_folder(self.homedir, uid=os.geteuid(), gid=os.getegid()):
                self.messages.say(f"{self.homedir}: made, for you alone")

    @cached_property
    def certificates(self) -> GnupgCertificates:
        """Its public keys, whole."""
        return GnupgCertificates(self.session, self.keyring, self.environ)

    @cached_property
    def secret_keys(self) -> GnupgSecretKeys:
        """What its agent tells of secret keys."""
        return GnupgSecretKeys(self.session)

    @cached_property
    def decrypter(self) -> DirectDecrypter:
        """gpg-agent and this process, gpg behind them."""
        return DirectDecrypter(self.session, GnupgDecrypter(self.session, self.keyring))

    @cached_property
    def encrypter(self) -> OpenpgpEncrypter:
        """Our own process, gpg behind it."""
        return OpenpgpEncrypter(self.session, self.keyring)

    @cached_property
    def files(self) -> DiskFiles:
        """The user's files."""
        return DiskFiles(self.messages.warn, self.messages.say)

    @cached_property
    def bounded(self) -> BoundedDiskFiles:
        """Files that come from others."""
        return BoundedDiskFiles()

    @cached_property
    def root(self) -> Path:
        """The root of the tree that the working directory stands in, links resolved."""
        return tree_root(paths.working_folder())

    @property
    def near_root(self) -> Path:
        """The same as the user would write it from where they are: `.`, or `../..`."""
        return Path(os.path.relpath(self.root, paths.real(paths.working_folder())))

    @cached_property
    def trees(self) -> Trees:
        """The folders that they stand in."""
        return Trees(self.environ, self.messages.say)

    @property
    def default_method(self) -> Method | None:
        """The method of values that name none; None: as their message looks."""
        return self.settings.method

    @property
    def recipients_request(self) -> RecipientsRequest:
        """Where recipients may come from."""
        settings = self.settings
        return RecipientsRequest(
            now=self.now,
            always_trust=settings.always_trust,
            listed=settings.recipients,
            listed_in=settings.recipients_from,
            file=None if settings.recipients is not None else settings.recipients_file,
            working=paths.working_folder(),
        )

    def wanted(self, folder: Path) -> Wanted:
        """Who is to read what stands in this folder."""
        wanted = self.wanted_quietly(folder)
        self.messages.note(f"recipients from {wanted.source.description}")
        for reader in wanted.readers:
            self.messages.note(f"encrypting to {reader.key.user_id}, subkey {reader.subkey.fingerprint}")
        return wanted

    def wanted_quietly(self, folder: Path) -> Wanted:
        """The same, read anew, where it was told already."""
        return find_wanted(self.recipients_request, folder, self.files, self.keyring)

    def warn_of_links(self, *named: Path) -> None:
        """Say whose list governs what a path of the user's leads to, where that of the link's own place is another."""
        if self.settings.recipients is None and self.settings.recipients_file is None:
            found = (warning(path, paths.working_folder(), paths.real, self.files) for path in named)
            self.messages.warn(*dict.fromkeys(sentence for sentence in found if sentence is not None))

    def require_gpg(self) -> None:
        """Refuse a configured method that we do not encrypt with."""
        if self.settings.method is Method.PKCS7:
            raise UsageError(
                f"{self.settings.where('encrypt_method')}: eyamlgpg encrypts with gpg, not pkcs7",
                "say -n gpg",
            )

    def ask(self, question: str) -> bool:
        """A question to the user; `-y` answers yes."""
        return terminal.ask(question, stdin=sys.stdin, stderr=sys.stderr, yes=self.yes)


def open_world(options: Mapping[str, Any]) -> World:
    """The world that the shared options of a command ask for."""
    messages = click.get_current_context().ensure_object(Messages)
    messages.quiet, messages.verbose = options.get("quiet", False), options.get("verbose", False)
    settings = read_settings(options, os.environ, paths.working_folder())
    messages.quiet = settings.flag("quiet")
    messages.verbose = settings.flag("verbose")
    messages.trace = settings.flag("trace")
    messages.warn(*settings.warnings)
    for folder in sweep(os.environ):
        messages.say(f"{folder}: removed, with the plaintext of an edit that was killed")
    return World(settings, messages, os.environ, datetime.now(UTC), yes=options.get("yes", False))


def read_input(name: str, files: DiskFiles) -> bytes:
    """A file or a pipe, or standard input for `-`."""
    if name == STDIN:
        return streams.read_input()
    if paths.is_pipe(Path(name)):
        return streams.read_pipe(Path(name))
    return files.read(Path(name))


def folder_of(name: str) -> Path:
    """Where the recipients of a source are looked up: its real folder, the working directory for input from a pipe."""
    if name == STDIN or paths.is_pipe(Path(name)):
        return paths.working_folder()
    return paths.real(Path(name)).parent


def folder_around(path: Path) -> Path:
    """The folder whose recipients apply to a path: itself, or that of the file, which may be one to be made."""
    real = paths.real(path)
    if not paths.exists(real) and not paths.is_folder(real.parent):
        raise FileProblem(f"{path}: there is no such file or folder")
    return real if paths.is_folder(real) else real.parent


def require_writable(file: Path) -> None:
    """Refuse a file that cannot be saved, or whose folder does not exist, before anybody types anything for it."""
    refuse_stdin([file])
    if paths.is_folder(file):
        raise FileProblem(f"{file}: is a folder")
    if paths.exists(file) and not os.access(file, os.W_OK):
        raise FileProblem(f"{file}: is read-only", "give yourself the right to write to it first")
    if not paths.is_folder(file.parent):
        raise FileProblem(f"{file.parent}: there is no such folder", f"mkdir -p {shlex.quote(str(file.parent))}")


def require_order(command: str, file: str, key: str) -> None:
    """Refuse FILE and KEY in the other order, where that is plain to see."""
    if file != STDIN and not paths.exists(Path(file)) and paths.is_file(Path(key)):
        call = shlex.join(["eyamlgpg", command, key, file])
        raise FileProblem(f"{file}: there is no such file", f"the file comes first: {call}")


def refuse_stdin(files: Iterable[Path]) -> None:
    """Refuse `-`, standard input everywhere, where a file is to be written."""
    if Path(STDIN) in files:
        raise UsageError("standard input cannot be written back", "a file of that name is given by its whole path")
