"""The gateways of one run, each imported and made when first asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from eyamlgpg.gpg import homedir

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eyamlgpg.api.ports import Notices, RunSettings
    from eyamlgpg.gpg.certificates import GnupgCertificates
    from eyamlgpg.gpg.keyring import GnupgKeyring
    from eyamlgpg.gpg.opening.direct import DirectDecrypter
    from eyamlgpg.gpg.sealing.shared import FileEncrypters
    from eyamlgpg.gpg.secret_keys import GnupgSecretKeys
    from eyamlgpg.gpg.session import Session
    from eyamlgpg.gpg.waiting import Waiting
    from eyamlgpg.host.bounded_files import BoundedDiskFiles
    from eyamlgpg.trees.around import Trees
    from eyamlgpg.trees.files import TreeFiles


@dataclass
class Gateways:
    """gpg with this run's home, and the files and folders of the machine."""

    settings: RunSettings
    messages: Notices
    environ: Mapping[str, str]

    @cached_property
    def homedir(self) -> Path:
        """The path of this run's GnuPG home, which may be yet to be made."""
        return homedir.choose(self.environ, self.settings.gnupghome)

    @cached_property
    def waiting(self) -> Waiting:
        """Tells the user that gpg or its agent takes long."""
        from eyamlgpg.gpg.waiting import Waiting

        return Waiting(self.messages.say)

    @cached_property
    def session(self) -> Session:
        """The GnuPG home of this run, checked."""
        from eyamlgpg.gpg.session import Session

        path = self.homedir
        self.messages.note(f"using the GnuPG home {path}")
        self.messages.warn(*homedir.check(path))
        return Session(path, self.environ, waiting=self.waiting)

    @cached_property
    def keyring(self) -> GnupgKeyring:
        """Its keyring, listed once; an empty one where the user has no GnuPG home yet."""
        from eyamlgpg.gpg.keyring import AbsentKeyring, GnupgKeyring
        from eyamlgpg.gpg.session import Session

        if homedir.is_yet_to_be_made(self.environ, self.settings.gnupghome):
            self.messages.warn(f"{self.homedir}: there is no GnuPG home yet, so the keyring is empty")
            return AbsentKeyring(Session(self.homedir, self.environ))
        return GnupgKeyring(self.session)

    def make_home(self) -> None:
        """Make the user's own GnuPG home, as gpg does, where it is not there and no other one was named."""
        from eyamlgpg.host.private_folder import private_folder

        if homedir.is_yet_to_be_made(self.environ, self.settings.gnupghome):
            with private_folder(self.homedir, uid=os.geteuid(), gid=os.getegid()):
                self.messages.say(f"{self.homedir}: made, for you alone")

    @cached_property
    def certificates(self) -> GnupgCertificates:
        """Its public keys, whole."""
        from eyamlgpg.gpg.certificates import GnupgCertificates

        return GnupgCertificates(self.session, self.keyring, self.environ)

    @cached_property
    def secret_keys(self) -> GnupgSecretKeys:
        """What its agent tells of secret keys."""
        from eyamlgpg.gpg.secret_keys import GnupgSecretKeys

        return GnupgSecretKeys(self.session)

    @cached_property
    def decrypter(self) -> DirectDecrypter:
        """gpg-agent and this process, gpg behind them."""
        from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
        from eyamlgpg.gpg.opening.direct import DirectDecrypter

        return DirectDecrypter(self.session, GnupgDecrypter(self.session, self.keyring))

    @cached_property
    def encrypter(self) -> FileEncrypters:
        """Our own process, gpg behind it; the values of a file share a session key where its tree says so."""
        from eyamlgpg.api.shared_keys import TreePolicies
        from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
        from eyamlgpg.gpg.sealing.shared import FileEncrypters
        from eyamlgpg.host.own_headers import OwnHeaders

        encrypter = OpenpgpEncrypter(self.session, self.keyring)
        policies = TreePolicies(self.trees, self.environ, self.messages.warn)
        return FileEncrypters(encrypter, policies, lambda: self.decrypter, OwnHeaders(self.environ))

    @cached_property
    def files(self) -> TreeFiles:
        """The user's files."""
        from eyamlgpg.trees.files import TreeFiles

        return TreeFiles(self.messages.warn, self.messages.say)

    @cached_property
    def bounded(self) -> BoundedDiskFiles:
        """Files that come from others."""
        from eyamlgpg.host.bounded_files import BoundedDiskFiles

        return BoundedDiskFiles()

    @cached_property
    def trees(self) -> Trees:
        """The folders that they stand in."""
        from eyamlgpg.trees.around import Trees

        return Trees(self.environ, self.messages.say)
