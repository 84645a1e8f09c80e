"""`eyamlgpg keys generate`."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import gnupg_options
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError, UsageError, raise_all
from eyamlgpg.formats.eyaml import recipients_edits
from eyamlgpg.formats.eyaml.recipients_edits import Pinned
from eyamlgpg.formats.gnupg.key_parameters import EXPIRIES, Algorithm, KeyRequest, is_expiry
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.certificates import GnupgCertificates
from eyamlgpg.gpg.generate import generate, require_usable, revocation_certificate
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.secret_keys import GnupgSecretKeys
from eyamlgpg.gpg.session import Session
from eyamlgpg.host import owners
from eyamlgpg.host.paths import from_home
from eyamlgpg.host.private_folder import PrivateFolder, private_folder
from eyamlgpg.model.keys import Fingerprint, Key, Protection
from eyamlgpg.model.owner import Owner
from eyamlgpg.operations.keys.export import public_key
from eyamlgpg.operations.keys.generate import NAME, MadeForPerson, Planned, make_for_person, make_for_puppet, plan
from eyamlgpg.render.keys_changes import made_as_text, pasted


def _expiry(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    """As gpg takes it; wrong usage for anything else."""
    wanted = "0" if text.lower() in ("never", "none") else text
    if not is_expiry(wanted):
        raise click.BadParameter(f"{text!r} is no expiry: write {EXPIRIES}.")
    return wanted


@click.command("generate", cls=TeachingCommand)
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--email", metavar="ADDRESS", help=f"The key's mail address; {NAME} in it stands for each name.")
@click.option(
    "--homedir",
    "place",
    metavar="DIR",
    help=f"The GnuPG home to make the key in; {NAME} in it stands for each name.",
)
@click.option("--owner", metavar="USER:GROUP", help="As root: make the home for this user.")
@click.option(
    "--algo",
    type=click.Choice([one.value for one in Algorithm]),
    default=Algorithm.RSA4096.value,
    show_default=True,
    help="The algorithm of the key and its subkey.",
)
@click.option(
    "--expires",
    callback=_expiry,
    metavar="WHEN",
    default="2y",
    show_default=True,
    help="2y, 18m, 90d, a date; 0 or never for no end.",
)
@click.option("--print-batch", is_flag=True, help="Print the parameter file for gpg's batch mode, and make nothing.")
@click.option("--person", is_flag=True, help="A person's key, with a passphrase that pinentry asks for.")
@gnupg_options
def generate_(names: tuple[str, ...], place: str | None, owner: str | None, **options: Any) -> int:
    """Make a puppetmaster's key, or with --person one's own. A puppetmaster's has no passphrase and a
    GnuPG home of its own; there is one for each NAME.

    Say where to make the key: --homedir, --person for the GnuPG home that you use, or --gpg-gnupghome. A key without
    passphrase is open to everybody who can read its home, so yours is not the place for it.

    The home is made with mode 0700. The parameter file and the armored public key are kept in it, named by the
    fingerprint, and the lines to paste into hiera.yaml and the recipients file are printed.

    One for each tier: keys generate puppetmaster-dev puppetmaster-prod --homedir '/etc/puppetlabs/puppet/gpg/{name}'

    $ eyamlgpg keys generate puppetmaster-prod --homedir /etc/puppetlabs/gpg
    $ eyamlgpg keys generate 'Carol Clark' --email carol@example.com --person
    """
    world = open_world(options)
    _refuse_contradictions(names, place, owner, options)
    requests = [
        KeyRequest(
            name, _email(options["email"], name), Algorithm(options["algo"]), options["expires"], options["person"]
        )
        for name in names
    ]
    home = homedir.choose(world.environ, world.settings.gnupghome) if place is None else from_home(str(place))
    planned = plan(requests, str(home))
    if options["print_batch"]:
        answer("\n".join(one.parameters for one in planned))
        return 0
    _require_place(place, options)
    whose = _owner(owner)
    if whose is None and os.geteuid() == 0 and not options["person"]:
        world.messages.warn("the home will belong to root, and Puppet could not read it: --owner puppet:puppet")
    errors: list[EyamlgpgError] = []
    for one in planned:
        try:
            _make(one, whose, world)
        except EyamlgpgError as error:
            errors.append(error)
    raise_all(errors)
    return 0


def _refuse_contradictions(
    names: tuple[str, ...], place: str | None, owner: str | None, options: dict[str, Any]
) -> None:
    email = options["email"]
    if len(names) > 1 and email is not None and NAME not in email:
        raise UsageError(f"--email {email}: one address for several keys names none of them", f"write {NAME} in it")
    if options["person"] and owner is not None:
        raise UsageError("--person asks the person for a passphrase, so --owner does not go with it")
    if options["person"] and len(names) > 1:
        raise UsageError("--person makes one key: one person, one name")
    if place is not None and not place:
        raise UsageError("--homedir is empty")


def _require_place(place: str | None, options: dict[str, Any]) -> None:
    """Refuse to make a puppetmaster's key in the home that happens to be the user's own."""
    if place is None and not options["person"] and options["gpg_gnupghome"] is None:
        raise UsageError(
            "a puppetmaster's key has no passphrase, so it is not made in your own GnuPG home unasked",
            f"for Puppet: add --homedir /etc/puppetlabs/puppet/gpg (for several names, --homedir DIR/{NAME})",
            "for yourself: add --person, and pinentry asks for a passphrase",
        )


def _email(email: str | None, name: str) -> str | None:
    return None if email is None else email.replace(NAME, name)


def _owner(text: str | None) -> Owner | None:
    if text is None:
        return None
    user, group, uid, gid, home = owners.look_up(text)
    owners.require_right(text, uid)
    return Owner(user, group, uid, gid, home)


def _make(planned: Planned, owner: Owner | None, world: World) -> None:
    path = planned.homedir.absolute()
    uid, gid = (os.geteuid(), os.getegid()) if owner is None else (owner.uid, owner.gid)
    require_usable(path, uid)
    with private_folder(path, uid=uid, gid=gid) as folder:
        # gpg runs as the owner, so that no file of root's is left and root opens nothing that somebody else planted.
        session = Session(path, world.environ, owner if uid != os.geteuid() else None, world.waiting)
        home = _Home(folder, session, world.environ)
        if planned.request.protected:
            _answer_person(make_for_person(planned, home, world.messages), world)
            return
        try:
            made = make_for_puppet(planned, home, world.messages)
        finally:
            session.stop_agent()
        answer(made_as_text(made) + pasted(made, recipients_edits.add("", [Pinned(made.fingerprint, made.user_id)])))


def _answer_person(made: MadeForPerson, world: World) -> None:
    answer(
        f"{made.user_id}\n  fingerprint              {made.fingerprint}\n"
        f"  revocation certificate   {made.revocation}\n"
        f"\n  for your colleagues: eyamlgpg keys export {made.fingerprint}\n"
    )
    if not made.has_passphrase:
        world.messages.warn(f"the key has no passphrase: gpg --change-passphrase {made.fingerprint} gives it one")


class _Home:
    """A GnuPG home on the disk; every question lists it anew."""

    def __init__(self, folder: PrivateFolder, session: Session, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._session = session
        self._environ = environ

    @property
    def path(self) -> Path:
        return self._folder.path

    def keys(self) -> Sequence[Key]:
        return GnupgKeyring(self._session).keys()

    def generate(self, request: KeyRequest) -> Fingerprint:
        return generate(self._session, request)

    def public_key(self, fingerprint: Fingerprint) -> bytes:
        certificates = GnupgCertificates(self._session, GnupgKeyring(self._session), self._environ)
        return public_key(fingerprint, certificates)

    def revocation_certificate(self, fingerprint: Fingerprint) -> Path:
        return revocation_certificate(self._session, fingerprint)

    def protection(self, fingerprint: Fingerprint) -> Protection | None:
        return GnupgSecretKeys(self._session).protections(self.keys()).get(fingerprint)

    def write_new(self, name: str, content: bytes) -> None:
        self._folder.write_new(name, content)
