"""`eyamlgpg keys export`, `import` and `sign`: keys between people."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.certifying import Certifier
from eyamlgpg.cli.completion.offers import complete_person
from eyamlgpg.cli.extents import extents_of
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED, gnupg_options, yes_option
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError, FileProblem, RecipientError, UsageError, raise_all
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.host.paths import is_folder
from eyamlgpg.model.keys import Key, OwnerTrust
from eyamlgpg.operations.keys.export import Exported, ExportOutcome, ExportPorts, export, public_key
from eyamlgpg.operations.keys.imports import ImportPorts, import_files, import_repository, revocations
from eyamlgpg.operations.keys.select import select_each
from eyamlgpg.operations.keys.sign import Pair, SigningPorts, SigningRequest, ToSign, certify, choose
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.render.keys_changes import exported_as_text, grouped, imported_as_text, key_to_sign_as_text
from eyamlgpg.render.puppet import CLASS_NAME, puppet_resources
from eyamlgpg.render.words import counted


@click.command("export", cls=TeachingCommand)
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete_person)
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    type=NAMED,
    help="The folder to write to. [default: .eyamlgpg/keys at the root of the tree]",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["armor", "puppet"]),
    default="armor",
    show_default=True,
    help="Files FINGERPRINT.asc, or resources for a GnuPG Puppet module on standard output.",
)
@click.option("--class", "puppet_class", metavar="NAME", help="With --format puppet: the class to put around them.")
@gnupg_options
def export_(
    ids: tuple[str, ...], folder: Path | None, output_format: str, puppet_class: str | None, **options: Any
) -> int:
    """Write public keys, each as a file of its own. A file changes only when the key does.

    Without an ID, the key of every recipient of this tree. A file holds what the owner says of the key today, and the
    certifications that stand in it already; `keys sign --exportable` adds yours.

    $ eyamlgpg keys export
    $ eyamlgpg keys export alice@example.com -o /tmp/keys
    """
    if output_format == "puppet" and folder is not None:
        raise UsageError("--format puppet writes to standard output, so -o does not go with it")
    _refuse_class(puppet_class, output_format)
    if folder is not None and not is_folder(folder.absolute().parent):
        raise FileProblem(f"{folder}: there is no folder {folder.parent} to make it in")
    world = open_world(options)
    keys = select_each(world.keyring, ids, kept=world.kept) if ids else _keys_of_recipients(world)
    if output_format == "puppet":
        answer(puppet_resources([(key, public_key(key.fingerprint, world.certificates)) for key in keys], puppet_class))
        return 0
    exported: list[Exported] = []
    errors: list[EyamlgpgError] = []
    for key in keys:
        try:
            exported.append(export(key, folder or world.near_root / KEYS, _export_ports(world)))
        except EyamlgpgError as error:
            errors.append(error)
    answer(exported_as_text(exported))
    if not errors and any(one.outcome is not ExportOutcome.UNCHANGED for one in exported):
        world.messages.say(
            "local certifications stay on this keyring; for colleagues: eyamlgpg keys sign --exportable ID..."
        )
    raise_all(errors)
    return 0


def _refuse_class(name: str | None, output_format: str) -> None:
    if name is not None and output_format != "puppet":
        raise UsageError("--class goes with --format puppet")
    if name is not None and CLASS_NAME.fullmatch(name) is None:
        raise UsageError(f"--class {name}: is not the name of a Puppet class", "such as profile::eyaml_keys")


def _keys_of_recipients(world: World) -> tuple[Key, ...]:
    shown = {recipient.name: recipient.shown for extent in extents_of(world) for recipient in extent.recipients}
    if not shown:
        raise UsageError(f"there is no {RECIPIENTS_FILE} in this tree, so say which keys: keys export ID...")
    return select_each(world.keyring, tuple(shown), shown, world.kept)


def _export_ports(world: World) -> ExportPorts:
    return ExportPorts(world.files, world.bounded, world.certificates)


@click.command("import", cls=TeachingCommand)
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=NAMED)
@click.option("--repo", is_flag=True, help="Import every key of .eyamlgpg/keys at the root of the tree.")
@yes_option
@gnupg_options
def import_(paths: tuple[Path, ...], repo: bool, **options: Any) -> int:  # noqa: FBT001 - click's flag
    """Put keys on the keyring, from files or the repository.

    Nothing is certified, and nobody is trusted more than before. A key that was renewed or revoked updates the one on
    the keyring, and so does a revocation certificate (FINGERPRINT.rev), after a question. Your own GnuPG home is made
    if you have none yet.

    It refuses secret keys, more than one key in a file, files over 1 MiB, and in .eyamlgpg/keys symbolic links and
    files that are not the key that their name says.

    $ eyamlgpg keys import --repo
    $ eyamlgpg keys import carol.asc
    """
    if bool(paths) == repo:
        raise UsageError("say either which files to import, or --repo for every key of the repository")
    world = open_world(options)
    world.make_home()
    ports = ImportPorts(world.bounded, world.keyring, world.certificates)
    for path, key in revocations(paths, ports):
        if not world.ask(f"{path}: revoke {key.user_id} ({key.fingerprint}) on this keyring, which cannot be undone?"):
            raise RecipientError(f"{path}: {key.fingerprint} was not revoked, as you said")
    result = import_repository(world.tree, ports) if repo else import_files(paths, ports)
    world.messages.warn(*result.warnings)
    answer(imported_as_text(result.taken))
    if repo and not result.taken and not result.errors:
        world.messages.say(f"{world.near_root / KEYS}: there is no key in it")
    uncertified = [one for one in result.taken if not one.key.validity.is_certified]
    if uncertified:
        world.messages.say(
            f"{counted(len(uncertified), 'key')} not certified yet: compare each fingerprint with its owner, "
            "then: eyamlgpg keys sign FINGERPRINT"
        )
    raise_all(result.errors)
    return 0


@click.command("sign", cls=TeachingCommand)
@click.argument("names", metavar="ID...", nargs=-1, required=True, shell_complete=complete_person)
@click.option("--exportable", is_flag=True, help="For everybody: the signed key goes to .eyamlgpg/keys.")
@click.option("--with", "signer", metavar="ID", help="Certify with this key of yours. [default: the only one]")
@click.option(
    "--ownertrust",
    type=click.Choice(["marginal", "full"]),
    help="Also believe what its owner certifies: fully, or where two others say the same.",
)
@yes_option
@gnupg_options
def sign_(names: tuple[str, ...], signer: str | None, exportable: bool, ownertrust: str | None, **options: Any) -> int:  # noqa: FBT001
    """Certify that a key belongs to the person that it names. Its fingerprint is shown first; several come in turn.

    Compare the fingerprint with its owner first, on the phone or face to face. The signature is a local one, which
    stays on this keyring, or with --exportable one that colleagues get by `keys import --repo`. Keys that are expired
    or revoked are refused. pinentry asks for your passphrase.

    $ eyamlgpg keys sign carol@example.com
    """
    world = open_world(options)
    trust = None if ownertrust is None else OwnerTrust[ownertrust.upper()]
    requests = [
        SigningRequest(name, world.now, signer, exportable=exportable, ownertrust=trust, kept=world.kept)
        for name in names
    ]
    # All of them before the first question: a misspelt name must not leave half of the work done.
    chosen = {choose(request, world.keyring).key.fingerprint: request for request in requests}

    def confirm(shown: ToSign) -> bool:
        answer(key_to_sign_as_text(shown.pair.key, shown.certifications, shown.unknown_issuers))
        return world.ask(_question(shown.pair, exportable=exportable, ownertrust=ownertrust))

    stored = world.near_root / KEYS
    ports = SigningPorts(
        world.keyring, Certifier(world), world.tree, stored, _export_ports(world), confirm, world.messages
    )
    errors: list[EyamlgpgError] = []
    for request in chosen.values():
        try:
            exported = certify(request, ports)
        except EyamlgpgError as error:
            errors.append(error)
            continue
        if exported is not None:
            answer(exported_as_text([exported]))
    raise_all(errors)
    return 0


def _question(pair: Pair, *, exportable: bool, ownertrust: str | None) -> str:
    kind = "for everybody" if exportable else "on this keyring alone"
    trust = f", and trust what its owner certifies ({ownertrust})" if ownertrust else ""
    return (
        f"Does {pair.key.user_id} confirm the fingerprint {grouped(pair.key.fingerprint)}? "
        f"Certify it as {pair.signer.user_id}, {kind}{trust}?"
    )
