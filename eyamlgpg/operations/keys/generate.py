"""`keys generate`: what is to be made where, decided before anything is made, and then the making."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError, FileProblem, FormatError, UsageError, raise_all
from eyamlgpg.formats.gnupg.key_parameters import KeyRequest, parameter_file
from eyamlgpg.model.keys import Fingerprint, Key, Protection
from eyamlgpg.operations.ports import Voice

NAME = "{name}"
"""What stands for each key's name in `--homedir`."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One key to be made."""

    request: KeyRequest
    homedir: Path
    parameters: str
    """The text that gpg's batch mode reads."""


def plan(requests: Sequence[KeyRequest], homedir: str) -> tuple[Planned, ...]:
    """Each key with its GnuPG home; raises every doubt about a name, UsageError for tiers that would share a home."""
    if len(requests) > 1 and NAME not in homedir:
        raise UsageError(
            f"{len(requests)} keys in one GnuPG home would open the same values",
            f"give each its own: --homedir '/etc/puppetlabs/puppet/gpg/{NAME}'",
        )
    names = [request.name for request in requests]
    errors: list[EyamlgpgError] = [
        UsageError(f"{name!a} is named twice") for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    planned: list[Planned] = []
    for request in requests:
        try:
            planned.append(Planned(request, _place(homedir, request.name), parameter_file(request)))
        except EyamlgpgError as error:
            errors.append(error)
    raise_all(errors)
    return tuple(planned)


@dataclass(frozen=True, slots=True)
class Made:
    """A key that was just made, with the files that belong to it."""

    name: str
    user_id: str
    fingerprint: Fingerprint
    homedir: Path
    parameter_file: Path
    public_key: Path
    revocation: Path


@dataclass(frozen=True, slots=True)
class MadeForPerson:
    """A person's key that was just made; its public part is exported when they say so."""

    user_id: str
    fingerprint: Fingerprint
    revocation: Path
    has_passphrase: bool


class NewHome(Protocol):
    """The GnuPG home that a key is made in."""

    @property
    def path(self) -> Path:
        """Where it stands."""
        ...

    def keys(self) -> Sequence[Key]:
        """Those that it has; raises GnupgError."""
        ...

    def generate(self, request: KeyRequest) -> Fingerprint:
        """Make a key; raises GnupgError."""
        ...

    def public_key(self, fingerprint: Fingerprint) -> bytes:
        """The armored minimal key."""
        ...

    def revocation_certificate(self, fingerprint: Fingerprint) -> Path:
        """Where the certificate stands that revokes a key."""
        ...

    def protection(self, fingerprint: Fingerprint) -> Protection | None:
        """How the secret part of a key is kept."""
        ...

    def write_new(self, name: str, content: bytes) -> None:
        """A file that was not there; raises FileProblem where something is."""
        ...


def make_for_puppet(planned: Planned, home: NewHome, tell: Voice) -> Made:
    """A key without passphrase, its parameter file and its public key beside it; raises where a second one would be."""
    request, user_id = planned.request, _begun(planned, home, tell)
    tell.say(f"making a key for {user_id} ({request.algorithm}) …")
    fingerprint = home.generate(request)
    home.write_new(f"{fingerprint}.batch", planned.parameters.encode())
    home.write_new(f"{fingerprint}.asc", home.public_key(fingerprint))
    return Made(
        name=request.name,
        user_id=user_id,
        fingerprint=fingerprint,
        homedir=home.path,
        parameter_file=home.path / f"{fingerprint}.batch",
        public_key=home.path / f"{fingerprint}.asc",
        revocation=home.revocation_certificate(fingerprint),
    )


def make_for_person(planned: Planned, home: NewHome, tell: Voice) -> MadeForPerson:
    """A key whose passphrase pinentry asks for; raises where a second one would be."""
    user_id = _begun(planned, home, tell)
    tell.say(f"making a key for {user_id}; pinentry asks for its passphrase …")
    fingerprint = home.generate(planned.request)
    revocation = home.revocation_certificate(fingerprint)
    return MadeForPerson(user_id, fingerprint, revocation, home.protection(fingerprint) is not Protection.CLEAR)


def _begun(planned: Planned, home: NewHome, tell: Voice) -> str:
    """The user ID of a key to be made; names the secret keys that the home has: who opens one there opens all."""
    request = planned.request
    user_id = request.name if request.email is None else f"{request.name} <{request.email}>"
    every, where = home.keys(), shlex.quote(str(home.path))
    present = [key for key in every if key.has_secret]
    for key in present:
        if any(known.text == user_id for known in key.user_ids):
            raise FileProblem(
                f"{home.path}: holds a secret key for {user_id} already: {key.fingerprint}",
                "where an earlier run was interrupted, this writes its public key: "
                f"eyamlgpg keys export {key.fingerprint} --gpg-gnupghome {where} -o {where}",
                "to extend it: gpg --quick-set-expire; for a new one choose another name or home",
            )
    for key in present:
        tell.warn(
            f"{home.path}: holds a secret key already, {key.user_id} ({key.fingerprint}); "
            "this home will open the values of both"
        )
    return user_id


def _place(homedir: str, name: str) -> Path:
    if NAME not in homedir:
        return Path(homedir)
    if "/" in name or name.startswith((".", "-")):
        raise FormatError(f"the name {name!a} cannot be a folder's, as {NAME} in --homedir asks")
    return Path(homedir.replace(NAME, name))
