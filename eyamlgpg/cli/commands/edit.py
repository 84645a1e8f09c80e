"""`eyamlgpg edit`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.completion.hiera_keys import complete_encrypted_key
from eyamlgpg.cli.options import NAMED, gnupg_options, method_option, pkcs7_options, recipients_options
from eyamlgpg.cli.sources import folder_of, require_writable
from eyamlgpg.cli.words import ValueCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import (
    ChangedMeanwhile,
    EyamlgpgError,
    FileProblem,
    FormatError,
    GnupgError,
    NotApproved,
    QuestionError,
    Several,
    UsageError,
)
from eyamlgpg.formats.eyaml.near_markers import NEAR, NearMarker
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.host import paths
from eyamlgpg.host.editing import editor as host_editor
from eyamlgpg.host.editing.scratch import Scratch
from eyamlgpg.operations.values.edit import EditPorts, EditRequest, edit
from eyamlgpg.render.words import counted

OVER_THEIRS = "Return to the editor? To save there once more replaces the other version."

LONGEST_NAME = 60
"""Characters of the file's name that the scratch file's still holds: four bytes each, and all below 255."""


@click.command("edit", cls=ValueCommand, surplus="It takes one FILE.", takes_more="only")
@click.argument("file", metavar="FILE", type=NAMED)
@click.option(
    "--only",
    metavar="KEY...",
    multiple=True,
    shell_complete=complete_encrypted_key,
    help="Open only the values at and below these Hiera keys; all others stay ENC[…].",
)
@click.option("--no-preamble", is_flag=True, help="Do not explain the markers at the top of the editor's text.")
@click.option("-d", "--no-decrypt", is_flag=True, help="Show values encrypted; new DEC::GPG[…]! markers are encrypted.")
@recipients_options
@method_option
@pkcs7_options
@gnupg_options
def command(file: Path, only: tuple[str, ...], **options: Any) -> int:
    """Edit a file with its values in clear, in $VISUAL or $EDITOR.

    Values that are not changed keep their ciphertext byte for byte. The clear text stands in a private folder, in
    memory where the system has such a file system, and is gone when the editor is left.

    $ eyamlgpg edit hieradata/common.eyaml
    $ eyamlgpg edit hieradata/common.eyaml --only db::password users.0
    """
    world = open_world(options)
    require_writable(file)
    keys = tuple(KeyPath.parse(key) for key in only)
    _require_opened(file, keys, world)
    world.warn_of_links(file)
    world.warn_of_overruling(folder_of(str(file)))
    argv = host_editor.choose(world.environ)
    program = host_editor.Editor(argv, world.environ)
    if not program.is_known:
        world.messages.warn(
            f"{program.name}: eyamlgpg does not know this editor, which may leave backup or history files with secrets "
            "behind"
        )
    request = EditRequest(
        path=file,
        name=str(file),
        preamble=not world.settings.flag("no_preamble"),
        decrypt=not world.settings.flag("no_decrypt"),
        default=world.default_method,
        only=keys,
    )
    _warn_of_no_readers(world, file)
    with Scratch(world.environ) as scratch:
        if scratch.on_disk:
            world.messages.warn(f"{scratch.folder}: no memory file system here, the clear text is on disk meanwhile")
        editor = _ScratchEditor(scratch, program, f"eyaml_edit_{_suffixed(file)}")
        ports = EditPorts(
            files=world.files,
            decrypter=world.decrypter,
            pkcs7=world.pkcs7,
            encrypters=world.encrypter,
            wanted=lambda: world.wanted(folder_of(str(file))),
            editor=editor,
            back_to_editor=lambda error: _back_to_editor(world, error),
            keep_in_clear=lambda near: _keep_in_clear(world, str(file), near),
        )
        result = edit(request, ports)
    world.messages.warn(*result.warnings)
    if not result.changed:
        if not editor.waited:
            world.messages.warn(
                f"{program.name}: came back at once; if its window is still open, what is saved there is lost: "
                "set EDITOR so that it waits, such as 'code --wait', 'gvim -f', 'emacsclient'"
            )
        world.messages.say(f"{file}: no changes")
    else:
        world.messages.say(f"{file}: saved, {counted(result.encrypted, 'value')} encrypted")
    return 0


def _require_opened(file: Path, keys: Sequence[KeyPath], world: World) -> None:
    """That there is something which `--only` can open."""
    if keys and world.settings.flag("no_decrypt"):
        raise UsageError("--only and -d do not go together: one opens values, the other opens none")
    if keys and not paths.exists(file):
        raise FileProblem(
            f"{file}: there is no such file, so nothing of it can be opened",
            "the file comes first: edit FILE --only KEY",
        )


def _warn_of_no_readers(world: World, file: Path) -> None:
    """Say before anybody types a secret that it could not be encrypted; anything else can be edited all the same."""
    try:
        world.wanted_anew(folder_of(str(file)))
    except GnupgError:
        # Without gpg nothing that stands there opens either, which is told next, and once.
        if not paths.exists(file):
            raise
    except NotApproved:
        raise  # it is said now, and not after somebody has typed
    except EyamlgpgError as error:
        world.messages.warn("no new value can be encrypted here, as long as this stands in the way:")
        world.messages.error(error)


def _suffixed(file: Path) -> str:
    """The file's name, so that the editor shows it and knows the text for YAML."""
    name = file.name[-LONGEST_NAME:]
    return name if file.suffix in (".yaml", ".yml") else f"{name}.yaml"


class _ScratchEditor:
    """The user's editor on a file in the scratch folder."""

    def __init__(self, scratch: Scratch, program: host_editor.Editor, name: str) -> None:
        self._scratch = scratch
        self._program = program
        self._name = name
        self.waited = True
        """Whether the editor ended because the user left it, as far as can be told."""

    def edit(self, content: bytes) -> bytes:
        """What the user saved; nothing of it stays in the scratch folder."""
        path = self._scratch.write(self._name, content)
        self.waited = self._program.run(path)
        saved = self._scratch.read(path)
        self._scratch.empty()
        return saved


def _keep_in_clear(world: World, name: str, near: Sequence[NearMarker]) -> bool:
    hint = "a new value is written DEC::GPG[…]!"
    world.messages.error(Several([FormatError(f"{name}:{one.line}: {NEAR}", hint) for one in near]))
    try:
        return world.ask("Save it in clear text all the same? (n: return to the editor)")
    except QuestionError as error:
        raise QuestionError(error.sentence, "run it at a terminal, or write the marker as it is meant") from None


def _back_to_editor(world: World, error: EyamlgpgError) -> bool:
    world.messages.error(error)
    try:
        return world.ask(OVER_THEIRS if isinstance(error, ChangedMeanwhile) else "Return to the editor?")
    except QuestionError:
        return False
