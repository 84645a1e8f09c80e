"""`eyamlgpg keys generate`."""

import os
import shlex
from typing import Any

import click

from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import gnupg_options
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError, FileProblem, UsageError, raise_all
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.eyaml.recipients_file import Pinned
from eyamlgpg.formats.gnupg.key_parameters import Algorithm, KeyRequest
from eyamlgpg.gpg import homedir
from eyamlgpg.gpg.certificates import GnupgCertificates
from eyamlgpg.gpg.generate import generate, require_usable, revocation_certificate
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.secret_keys import GnupgSecretKeys
from eyamlgpg.gpg.session import Session
from eyamlgpg.host import owners
from eyamlgpg.host.paths import from_home
from eyamlgpg.host.private_folder import PrivateFolder, private_folder
from eyamlgpg.model.keys import Protection
from eyamlgpg.model.owner import Owner
from eyamlgpg.operations.keys.export import public_key
from eyamlgpg.operations.keys.generate import NAME, Planned, plan
from eyamlgpg.render.keys_changes import Made, made_as_text, pasted


@click.command("generate")
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
@click.option("--expires", metavar="WHEN", default="2y", show_default=True, help="2y, 18m, 90d, a date; 0 for never.")
@click.option("--print-batch", is_flag=True, help="Print the parameter file for gpg's batch mode, and make nothing.")
@click.option("--person", is_flag=True, help="A person's key, with a passphrase that pinentry asks for.")
@gnupg_options
def generate_(names: tuple[str, ...], place: str | None, owner: str | None, **options: Any) -> int:
    """Make a puppetmaster's key, without passphrase, in a GnuPG home of its own; one for each NAME.

    Where the key is made must be said: --homedir, --person for the GnuPG home that you use, or --gpg-gnupghome. A key
    without passphrase is open to everybody who can read its home, so yours is not the place for it.

    The home is made with mode 0700. The parameter file and the armored public key are kept in it, named by the
    fingerprint, and the lines to paste into hiera.yaml and the recipients file are printed.

    One for each tier: keys generate puppetmaster-dev puppetmaster-prod --homedir '/etc/puppetlabs/puppet/gpg/{name}'
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
        session = Session(path, world.environ, owner if uid != os.geteuid() else None)
        if planned.request.protected:
            _make_persons(planned, session, world)
            return
        try:
            _make_puppetmasters(planned, folder, session, world)
        finally:
            session.stop_agent()


def _make_puppetmasters(planned: Planned, folder: PrivateFolder, session: Session, world: World) -> None:
    request = planned.request
    user_id = _user_id(request)
    _refuse_second(session, user_id)
    _tell_of_others(session, world)
    world.messages.say(f"making a key for {user_id} ({request.algorithm}) …")
    fingerprint = generate(session, request)
    certificates = GnupgCertificates(session, GnupgKeyring(session), world.environ)
    folder.write_new(f"{fingerprint}.batch", planned.parameters.encode())
    folder.write_new(f"{fingerprint}.asc", public_key(fingerprint, certificates))
    made = Made(
        name=request.name,
        user_id=user_id,
        fingerprint=fingerprint,
        homedir=folder.path,
        parameter_file=folder.path / f"{fingerprint}.batch",
        public_key=folder.path / f"{fingerprint}.asc",
        revocation=revocation_certificate(session, fingerprint),
    )
    answer(made_as_text(made) + pasted(made, recipients_file.add("", [Pinned(fingerprint, user_id)])))


def _make_persons(planned: Planned, session: Session, world: World) -> None:
    user_id = _user_id(planned.request)
    _refuse_second(session, user_id)
    _tell_of_others(session, world)
    world.messages.say(f"making a key for {user_id}; pinentry asks for its passphrase …")
    fingerprint = generate(session, planned.request)
    revocation = revocation_certificate(session, fingerprint)
    answer(
        f"{user_id}\n  fingerprint              {fingerprint}\n  revocation certificate   {revocation}\n"
        f"\n  for your colleagues: eyamlgpg keys export {fingerprint}\n"
    )
    kept = GnupgSecretKeys(session).protections(GnupgKeyring(session).keys())
    if kept.get(fingerprint) is Protection.CLEAR:
        world.messages.warn(f"the key has no passphrase: gpg --change-passphrase {fingerprint} gives it one")


def _user_id(request: KeyRequest) -> str:
    return request.name if request.email is None else f"{request.name} <{request.email}>"


def _refuse_second(session: Session, user_id: str) -> None:
    present, where = GnupgKeyring(session).keys(), shlex.quote(str(session.homedir))
    for key in present:
        if key.has_secret and any(known.text == user_id for known in key.user_ids):
            raise FileProblem(
                f"{session.homedir}: holds a secret key for {user_id} already: {key.fingerprint}",
                "where an earlier run was interrupted, this writes its public key: "
                f"eyamlgpg keys export {key.fingerprint} --gpg-gnupghome {where} -o {where}",
                "to extend it: gpg --quick-set-expire; for a new one choose another name or home",
            )


def _tell_of_others(session: Session, world: World) -> None:
    """Name the secret keys that the home has already: whoever opens one of them there opens all."""
    present = GnupgKeyring(session).keys()
    for key in present:
        if key.has_secret:
            world.messages.warn(
                f"{session.homedir}: holds a secret key already, {key.user_id} ({key.fingerprint}); "
                "this home will open the values of both"
            )
